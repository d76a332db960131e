"""What Python sees of a device tensor: numbers, text, types, copies, and what it may be made into."""

import copy
import pickle
import weakref

import numpy as np
import pytest
import torch


def test_numbers(same):
    def program(d):
        x = torch.arange(3.0, device=d)
        one = x.sum()
        return (
            x.tolist(),
            one.item(),
            float(one),
            int(one),
            bool(one),
            f"{one:.2f}",
            len(x),
            list(map(float, x)),
            x.sum() > 2,
        )

    same(program)


def test_index_of_a_list(same):
    same(lambda d: ["a", "b", "c"][torch.tensor(1, device=d)])


def test_arrays(same):
    def program(d):
        x = torch.arange(3.0, device=d, requires_grad=True)
        return x.numpy(force=True), x.detach().cpu().numpy(), np.asarray(x.detach().cpu()), np.array([x[0].item()])

    same(program)


@pytest.mark.filterwarnings("ignore:To copy construct")
def test_tensors_of_tensors(same):
    def program(d):
        x = torch.arange(3.0, device=d)
        return (
            torch.tensor(x),
            torch.as_tensor(x),
            torch.asarray(x),
            torch.tensor([x[0], x[1]], device=d),
            torch.tensor([1.0], device=d),
            torch.as_tensor(np.ones(2, dtype=np.float32), device=d),
            torch.as_tensor(x, device=d),
            torch.stack(list(x)),
            x.new_tensor([1, 2]),
        )

    same(program)


def test_tensors_of_device_numbers_are_on_the_cpu(same):
    same(lambda d: torch.tensor([torch.tensor(1.0, device=d), 2.0]), host=(0,))


def test_text(place):
    x = torch.arange(2.0, device=place)
    name = str(x.device)
    assert repr(x) == str(x) == f"tensor([0., 1.], device='{name}')"
    assert repr(x.requires_grad_() * 2) == f"tensor([0., 2.], device='{name}', grad_fn=<MulBackward0>)"
    assert (
        repr(torch.nn.Parameter(x.detach()))
        == f"Parameter containing:\ntensor([0., 1.], device='{name}', requires_grad=True)"
    )
    assert repr(x.cpu().detach()) == "tensor([0., 1.])"
    assert f"{x[1]}" == "1.0"
    assert f"{x}" == str(x)


def test_types(place):
    kind = place.partition(":")[0]
    x = torch.ones(2, device=place)
    assert x.type() == f"torch.{kind}.FloatTensor"
    assert x.long().type() == f"torch.{kind}.LongTensor"
    assert x.cpu().type() == "torch.FloatTensor"
    assert x.type(torch.float16).device == x.device
    assert x.type("torch.FloatTensor").device.type == "cpu"
    assert type(x) is torch.Tensor
    assert isinstance(x.cpu(), torch.FloatTensor)


def test_questions(place):
    kind, index = place.partition(":")[0], torch.device(place).index or 0
    x = torch.ones(2, device=place)
    assert (x.is_cuda, x.is_mps, x.is_cpu) == (kind == "cuda", kind == "mps", False)
    assert x.get_device() == index
    assert torch.ones(1).get_device() == -1
    assert x.device == torch.device(kind, index) != torch.device(kind)
    assert x.untyped_storage().device == x.device
    assert torch.zeros_like(x).device == x.new_zeros(1).device == x.clone().device == x.detach().device == x.device


def test_copies(same):
    def program(d):
        x = torch.arange(3.0, device=d)
        x.note = "kept"
        nest = copy.deepcopy({"x": x, "again": x, "view": x[1:]})
        assert nest["x"] is nest["again"]
        assert nest["x"].note == "kept"
        assert nest["view"].untyped_storage().data_ptr() == nest["x"].untyped_storage().data_ptr()
        return nest, copy.copy(x)

    same(program)


def test_deep_copies_of_modules_keep_ties_and_gradients(same):
    def program(d):
        model = torch.nn.Sequential(torch.nn.Linear(2, 2, bias=False), torch.nn.Linear(2, 2, bias=False))
        model[1].weight = model[0].weight
        model.to(d)(torch.ones(1, 2, device=d)).sum().backward()
        twin = copy.deepcopy(model)
        assert twin[0].weight is twin[1].weight
        return twin[0].weight, twin[0].weight.grad, twin(torch.ones(1, 2, device=d))

    same(program)


def test_pickles(same):
    same(
        lambda d: pickle.loads(
            pickle.dumps({"x": torch.arange(3.0, device=d), "p": torch.nn.Parameter(torch.ones(2, device=d))})
        )
    )


def test_parameters_keep_their_identity(place):
    layer = torch.nn.Linear(2, 2)
    weight = layer.weight
    reference = weakref.ref(weight)
    layer.to(place)
    assert layer.weight is weight is reference()
    assert weight.device.type == place.partition(":")[0]
    assert weight.to(place) is weight
    assert weight.to(weight.device, torch.float32) is weight
    assert weight.to(weight) is weight
    assert weight.to(place, copy=True) is not weight


def test_what_the_legacy_new_makes_is_beside_its_model(same):
    def program(d):
        x = torch.ones(2, device=d)
        return x.new([1.0, 2.0]) * x, x.new(2).fill_(3.0) * x, x.new(2, 2).zero_() + x

    same(program)
