"""The errors that samedevice raises on purpose. Anything else that escapes is a defect of ours."""


class SamedeviceError(Exception):
    """Ancestor of our own errors; the message is one line for the user."""


class UsageError(SamedeviceError):
    """Wrong words, or a target that does not load: the command line exits with 2."""


class TransferRefused(SamedeviceError):
    """A copy between devices that a `transfers(...)` budget does not allow."""


class NotChecked(SamedeviceError):
    """A check could not be made; the message is the reason that the report prints."""


class NotApplicable(NotChecked):
    """The question does not arise for this target or device; where nobody asked it by name, no cell is reported."""
