#!/usr/bin/env python3
"""Writes the golden files: small models in PyTorch, float64, with inputs, outputs, gradients and trained parameters.

Run with a Python that has torch and numpy (made with Debian's python3-torch 1.13):  python3 make_golden.py

The models are stated here from their papers, apart from the kit: a pair sum is a loop over the pairs, a bag a loop over
its entries. Parameters are exported under the kit's names and shapes. All inputs, parameters and settings are float32
numbers held in float64, so that a float32 engine starts from exactly the same ones.
"""

import json
import platform
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

ROWS, EMBEDDING_SIZE, HIDDEN = 11, 3, [7, 5]
STEPS = 5


def f32(x):
    """The nearest float32 number, as a Python float."""
    return float(np.float32(x))


# ---------------------------------------------------------------------------------------------------------- inputs

class Batch:
    """ROWS samples of fields that own adjoining ranges of ids."""

    def __init__(self, fields, rng):
        self.fields, first = [], 0
        for name, shape, count in fields:
            self.fields.append({"name": name, "shape": shape, "firstId": first, "idCount": count})
            first += count
        self.feature_count = first
        self.labels = torch.tensor(rng.permutation([1.0] * 4 + [0.0] * (ROWS - 4)))

        # entries[b][f]: the (id, number) pairs of sample b in field f
        self.entries = [[self.draw(field, b, rng) for field in self.fields] for b in range(ROWS)]

    @staticmethod
    def draw(field, b, rng):
        first, count = field["firstId"], field["idCount"]
        if field["shape"] == "OneId":
            return [(first + int(rng.integers(count)), 1.0)]
        if field["shape"] == "Value":
            return [(first, f32(rng.normal()))]
        length = b % 4                                      # bags of 0, 1, 2, 3 entries; an id may come twice
        return [(first + int(rng.integers(count)), f32(rng.uniform(0.25, 1.5))) for _ in range(length)]

    def embed(self, table):
        """[ROWS, fields, K]: in each field the sum of number times table row."""
        samples = []
        for sample in self.entries:
            fields = []
            for entries in sample:
                total = torch.zeros(table.shape[1])
                for id_, number in entries:
                    total = total + number * table[id_]
                fields.append(total)
            samples.append(torch.stack(fields))
        return torch.stack(samples)

    def to_json(self):
        ids, values, bag_ids, bag_weights = [], [], [], []
        for sample in self.entries:
            for field, entries in zip(self.fields, sample):
                if field["shape"] == "Bag":
                    ids.append(len(entries))
                    bag_ids += [id_ for id_, _ in entries]
                    bag_weights += [number for _, number in entries]
                else:
                    ids.append(entries[0][0])
                    if field["shape"] == "Value":
                        values.append(entries[0][1])
        return {"fields": self.fields, "labels": self.labels.tolist(), "ids": ids, "values": values,
                "bagIds": bag_ids, "bagWeights": bag_weights}


CATEGORICAL = [("a", "OneId", 7), ("b", "OneId", 3), ("c", "OneId", 5), ("d", "OneId", 2), ("e", "OneId", 6)]
MIXED = [("a", "OneId", 7), ("price", "Value", 1), ("c", "OneId", 5), ("genres", "Bag", 8), ("e", "OneId", 2)]


# ---------------------------------------------------------------------------------------------------------- models

class Linear(nn.Module):
    """<w, x>"""

    def __init__(self, feature_count):
        super().__init__()
        self.w = nn.Parameter(torch.empty(feature_count, 1))

    def forward(self, batch):
        return batch.embed(self.w).sum(dim=(1, 2))

    def named(self):
        yield "linear", self.w, False


class Fm(nn.Module):
    """The sum over pairs of fields of <e_i, e_j>; table may belong to another module."""

    def __init__(self, table, name=None):
        super().__init__()
        self.table, self.name = table, name

    def forward(self, batch):
        e = batch.embed(self.table)
        total = torch.zeros(ROWS)
        for i in range(e.shape[1]):
            for j in range(i + 1, e.shape[1]):
                total = total + (e[:, i] * e[:, j]).sum(dim=1)
        return total

    def named(self):
        if self.name:
            yield self.name, self.table, False


class Deep(nn.Module):
    """A network over the embeddings, side by side with their products if asked for."""

    def __init__(self, table, name, fields, inner=False, outer=False, activation=nn.ReLU, batch_norm=False):
        super().__init__()
        self.table, self.name, self.inner, self.outer = table, name, inner, outer
        size = table.shape[1]
        width = fields * size + (fields * (fields - 1) // 2 if inner else 0) + (size * size if outer else 0)
        self.dense, self.norms = nn.ModuleList(), nn.ModuleList()
        for units in HIDDEN:
            # A bias would cancel in the batch norm; its shift stands for it.
            self.dense.append(nn.Linear(width, units, bias=not batch_norm))
            self.norms.append(nn.BatchNorm1d(units, eps=f32(1e-5), momentum=f32(0.1)) if batch_norm else nn.Identity())
            width = units
        self.activation = activation()
        self.output = nn.Linear(width, 1)

    def forward(self, batch):
        e = batch.embed(self.table)
        parts = [e.flatten(1)]
        if self.inner:
            fields = e.shape[1]
            parts += [(e[:, i] * e[:, j]).sum(dim=1, keepdim=True) for i in range(fields) for j in range(i + 1, fields)]
        if self.outer:
            total = e.sum(dim=1)
            parts.append(torch.einsum("bi,bj->bij", total, total).flatten(1))
        a = torch.cat(parts, dim=1)
        for dense, norm in zip(self.dense, self.norms):
            a = self.activation(norm(dense(a)))
        return self.output(a).squeeze(1)

    def named(self):
        if self.name:
            yield self.name, self.table, False
        for i, (dense, norm) in enumerate(zip(self.dense, self.norms), start=1):
            yield f"dense{i}.weight", dense.weight, True
            if dense.bias is not None:
                yield f"dense{i}.bias", dense.bias, False
            else:
                yield f"dense{i}.scale", norm.weight, False
                yield f"dense{i}.shift", norm.bias, False
                yield f"dense{i}.mean", norm.running_mean, False
                yield f"dense{i}.variance", norm.running_var, False
        yield "output.weight", self.output.weight, True
        yield "output.bias", self.output.bias, False


class Bias(nn.Module):
    def __init__(self):
        super().__init__()
        self.w0 = nn.Parameter(torch.empty(1))

    def forward(self, batch):
        return self.w0.expand(ROWS)

    def named(self):
        yield "bias", self.w0, False


class Sum(nn.Module):
    """A model: the logit is the sum of its terms."""

    def __init__(self, *terms):
        super().__init__()
        self.terms = nn.ModuleList(terms)

    def forward(self, batch):
        return sum(term(batch) for term in self.terms)

    def named(self):
        """Name, tensor, and whether the kit stores it transposed."""
        for term in self.terms:
            yield from term.named()


def build(model, batch, activation=nn.ReLU, batch_norm=False):
    n, f = batch.feature_count, len(batch.fields)

    def table(size=EMBEDDING_SIZE):
        return nn.Parameter(torch.empty(n, size))

    def deep(v, name="embedding", **products):
        return Deep(v, name, f, activation=activation, batch_norm=batch_norm, **products)

    if model == "lr":
        return Sum(Bias(), Linear(n))
    if model == "fm":
        return Sum(Bias(), Linear(n), Fm(table(), "embedding"))
    if model == "fnn":
        return Sum(deep(table(EMBEDDING_SIZE + 1)))
    if model == "ipnn":
        return Sum(deep(table(), inner=True))
    if model == "opnn":
        return Sum(deep(table(), outer=True))
    if model == "pnn-star":
        return Sum(deep(table(), inner=True, outer=True))
    if model == "lr-dnn":
        return Sum(Linear(n), deep(table()))
    if model == "fm-dnn":
        return Sum(Linear(n), Fm(table(), "embedding"), deep(table(), "embedding2"))
    if model == "deepfm":
        shared = table()
        return Sum(Linear(n), Fm(shared, "embedding"), deep(shared, None))
    if model == "dnn":
        return Sum(deep(table()))
    raise ValueError(model)


def fill(model, rng):
    """Weights large enough that every term counts."""
    with torch.no_grad():
        for name, tensor, _ in model.named():
            if name.endswith((".variance", ".scale")):
                drawn = rng.uniform(0.5, 1.5, tensor.shape)
            else:
                drawn = rng.normal(0, 0.5, tensor.shape)
            tensor.copy_(torch.tensor(drawn.astype(np.float32).astype(np.float64)))


def export(model, pick=lambda tensor: tensor):
    """Name to [shape, numbers], by the kit's shapes."""
    result = {}
    for name, tensor, transposed in model.named():
        picked = pick(tensor)
        if picked is not None:
            picked = picked.detach().t() if transposed else picked.detach()
            result[name] = {"shape": list(picked.shape), "data": picked.flatten().tolist()}
    return result


# -------------------------------------------------------------------------------------------------------- training

def adam(model, batch, settings):
    """STEPS steps on the same batch with the loss's mean, L2 penalties and a bound on the gradient's norm."""
    optimizer = torch.optim.Adam(model.parameters(), lr=f32(settings["learningRate"]),
                                 betas=(f32(0.9), f32(0.999)), eps=f32(1e-8))
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = binary_cross_entropy_with_logits(model(batch), batch.labels)
        for name, tensor, _ in model.named():
            if name.startswith("embedding"):
                loss = loss + f32(settings.get("embeddingL2", 0)) / 2 * tensor.square().sum()
            elif name == "linear":
                loss = loss + f32(settings.get("linearL2", 0)) / 2 * tensor.square().sum()
            elif name.endswith(".weight"):
                loss = loss + f32(settings.get("networkL2", 0)) / 2 * tensor.square().sum()
        loss.backward()
        clip = f32(settings.get("clipNorm", 0))
        if clip > 0:
            norm = torch.sqrt(sum(p.grad.square().sum() for p in model.parameters()))
            assert norm > clip, "the case must clip"
            for p in model.parameters():
                p.grad *= clip / norm
        optimizer.step()


def adagrad(model, batch, settings):
    """STEPS steps of Duchi et al. 2011 on the same batch."""
    optimizer = torch.optim.Adagrad(model.parameters(), lr=f32(settings["learningRate"]), eps=f32(1e-8))
    for _ in range(STEPS):
        optimizer.zero_grad()
        binary_cross_entropy_with_logits(model(batch), batch.labels).backward()
        optimizer.step()


def ftrl(model, batch, settings):
    """McMahan et al. 2013, algorithm 1, per coordinate, on the gradient of the mean loss.

    The algorithm starts from z = 0. To start from weights w other than 0, z is set to the number that gives w back.
    """
    alpha, beta = f32(settings["learningRate"]), f32(settings["ftrlBeta"])
    l1, l2 = f32(settings["ftrlL1"]), f32(settings["ftrlL2"])
    state = []
    for p in model.parameters():
        n = torch.zeros_like(p)
        z = -p.detach() * (beta / alpha + l2) - torch.sign(p.detach()) * l1
        state.append((p, z, n))
    for _ in range(STEPS):
        model.zero_grad()
        binary_cross_entropy_with_logits(model(batch), batch.labels).backward()
        with torch.no_grad():
            for p, z, n in state:
                g = p.grad
                sigma = (torch.sqrt(n + g * g) - torch.sqrt(n)) / alpha
                z += g - sigma * p
                n += g * g
                new = -(z - torch.sign(z) * l1) / ((beta + torch.sqrt(n)) / alpha + l2)
                p.copy_(torch.where(z.abs() <= l1, torch.zeros_like(p), new))


# ----------------------------------------------------------------------------------------------------------- cases

def case(name, model, seed, fields=CATEGORICAL, activation="Relu", batch_norm=False, with_ftrl=False, with_adagrad=False, **settings):
    rng = np.random.default_rng(seed)
    batch = Batch(fields, rng)
    activations = {"Relu": nn.ReLU, "Tanh": nn.Tanh, "Sigmoid": nn.Sigmoid}

    def fresh():
        made = build(model, batch, activations[activation], batch_norm)
        fill(made, np.random.default_rng(seed + 1000))
        return made

    adam_settings = {"learningRate": 0.01, **settings}
    net = fresh()
    with torch.no_grad():
        evaluation_logits = net.eval()(batch).tolist()
    parameters = export(net)
    logits = net.train()(batch)
    loss = binary_cross_entropy_with_logits(logits, batch.labels)
    loss.backward()
    gradients = export(net, lambda tensor: tensor.grad)
    for parameter, gradient in gradients.items():
        assert any(gradient["data"]), f"{name}: {parameter} has no gradient"
        # Adam divides a gradient by its own size, so it would enlarge one that is only rounding.
        assert all(g == 0 or abs(g) > 1e-8 for g in gradient["data"]), f"{name}: {parameter} cancels"

    trained = fresh().train()
    adam(trained, batch, adam_settings)
    content = {
        "about": f"make_golden.py; torch {torch.__version__}, numpy {np.__version__}, "
                 f"Python {platform.python_version()}; float64",
        "model": model, "embeddingSize": EMBEDDING_SIZE, "hiddenWidths": HIDDEN, "activation": activation,
        "batchNorm": batch_norm, **batch.to_json(), "parameters": parameters,
        "evaluationLogits": evaluation_logits, "logits": logits.tolist(), "meanLoss": loss.item(),
        "gradients": gradients, "steps": STEPS, "adam": adam_settings, "afterAdam": export(trained),
    }
    if with_ftrl:
        content["ftrl"] = {"learningRate": 0.5, "ftrlBeta": 1.0, "ftrlL1": 0.25, "ftrlL2": 0.25}
        trained = fresh().train()
        ftrl(trained, batch, content["ftrl"])
        content["afterFtrl"] = export(trained)
        weights = content["afterFtrl"]["linear"]["data"]
        assert any(w == 0 for w in weights) and any(w != 0 for w in weights), "L1 must zero some weights"

    if with_adagrad:
        content["adagrad"] = {"learningRate": 0.05}
        trained = fresh().train()
        adagrad(trained, batch, content["adagrad"])
        content["afterAdagrad"] = export(trained)

    text = json.dumps(content, indent=1)
    path = Path(__file__).with_name(f"{name}.json")
    path.write_text(compact(text) + "\n")
    print(f"{path.name}: loss {loss.item():.4f}, {path.stat().st_size} bytes")


def compact(text):
    """Lists of numbers on one line."""
    lines, inside = [], False
    for line in text.split("\n"):
        if inside:
            lines[-1] += line.strip() if line.strip().startswith("]") else line.strip() + " "
            inside = "]" not in line
        else:
            lines.append(line)
            inside = line.endswith("[") and '"fields"' not in line
    return "\n".join(line.replace(" ]", "]") for line in lines)


if __name__ == "__main__":
    case("lr", "lr", 1, with_ftrl=True)
    case("fm", "fm", 2)
    case("fnn", "fnn", 3)
    case("ipnn", "ipnn", 4, activation="Tanh")              # the paper's choice for IPNN
    case("opnn", "opnn", 5)
    case("pnn-star", "pnn-star", 6)
    case("lr-dnn", "lr-dnn", 7)
    case("fm-dnn", "fm-dnn", 8)
    case("deepfm", "deepfm", 9)
    case("dnn", "dnn", 10)
    case("lr-mixed-fields", "lr", 11, fields=MIXED, with_ftrl=True)
    case("deepfm-mixed-fields", "deepfm", 12, fields=MIXED, with_adagrad=True)
    case("pnn-star-mixed-fields", "pnn-star", 13, fields=MIXED)
    case("deepfm-batch-norm", "deepfm", 17, batch_norm=True)
    case("dnn-sigmoid", "dnn", 15, activation="Sigmoid")
    case("deepfm-l2-clip", "deepfm", 16, embeddingL2=0.02, linearL2=0.05, networkL2=0.01, clipNorm=0.125)
