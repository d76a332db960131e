from jsonschema import Draft202012Validator

from samedevice.reports.schema import schema


def test_is_a_valid_schema_of_its_draft():
    Draft202012Validator.check_schema(schema())


def test_refuses_what_is_no_report():
    validator = Draft202012Validator(schema())
    assert not validator.is_valid({})
    assert not validator.is_valid({"schema": "samedevice/2", "environment": {}, "cells": [], "summary": {}})
