"""Which codes a plugin's source names, and where, as far as literals and constants can tell."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

# What declares a code does not use it.
DECLARATIONS = (
    "Reason", "AccountKind", "Role", "Parameter", "AuditAction", "Workflow", "Transition", "Searchable",
)  # fmt: skip
# Where a code must have been declared: keyword arguments, and first arguments of these calls.
KEYWORDS = ("reason", "kind", "access")
CALLS = ("require", "may", "scopes", "add_job", "statement", "accounts_of_kind")


@dataclass(frozen=True)
class Module:
    """A module's tree with what its names stand for."""

    file: str
    tree: ast.Module
    names: Mapping[str, str]


def modules(sources: Mapping[str, ast.Module], package: str) -> list[Module]:
    """The modules, their own and imported constants resolved."""
    own = {dotted(file): dict(_constants(tree)) for file, tree in sources.items()}
    return [
        Module(file, tree, own[dotted(file)] | dict(_imported(tree, package, own)))
        for file, tree in sources.items()
    ]


def dotted(file: str) -> str:
    """`services/loans.py` -> `services.loans`."""
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _constants(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        if not isinstance(node, ast.Assign) or len(node.targets) != 1:
            continue
        names, texts = [node.targets[0]], [node.value]
        if isinstance(names[0], ast.Tuple) and isinstance(texts[0], ast.Tuple):
            names, texts = names[0].elts, texts[0].elts
        for name, text in zip(names, texts, strict=False):
            is_text = isinstance(text, ast.Constant) and isinstance(text.value, str)
            if isinstance(name, ast.Name) and is_text:
                yield name.id, text.value  # type: ignore[attr-defined]


def _imported(
    tree: ast.Module, package: str, own: Mapping[str, Mapping[str, str]]
) -> Iterator[tuple[str, str]]:
    """`NAME` of `from plugin.rules import NAME`; `rules.NAME` of `from plugin import rules` or deeper."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or not f"{node.module}.".startswith(f"{package}."):
            continue
        within = str(node.module).removeprefix(package).strip(".")
        for alias in node.names:
            name = alias.asname or alias.name
            constants = own.get(f"{within}.{alias.name}".strip("."), {})
            yield from ((f"{name}.{constant}", code) for constant, code in constants.items())
            if alias.name in own.get(within, {}):
                yield name, own[within][alias.name]


def meant(node: ast.expr | None, module: Module) -> str | None:
    """The text that an expression stands for, if that can be told."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.Name | ast.Attribute):
        return module.names.get(ast.unparse(node))
    return None


def used(module: Module) -> Iterator[str]:
    """Every code that the module names outside of declarations and of the constants themselves."""
    for node in _statements(module):
        code = meant(node, module) if isinstance(node, ast.expr) else None
        if code is not None and not (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)):
            yield code


def _statements(module: Module) -> Iterator[ast.AST]:
    waiting: list[ast.AST] = [node for node in module.tree.body if not _is_declaration(node, module)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Call) and called(node) in DECLARATIONS:
            continue
        yield node
        waiting.extend(ast.iter_child_nodes(node))


def _is_declaration(node: ast.AST, module: Module) -> bool:
    """A constant, or a `register_*` of `plugin.py`."""
    if isinstance(node, ast.FunctionDef):
        return module.file == "plugin.py" and node.name.startswith("register_")
    values = node.value.elts if isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple) else []
    single = [node.value] if isinstance(node, ast.Assign) else []
    return bool(values or single) and all(isinstance(v, ast.Constant) for v in values or single)


def must_be_declared(module: Module) -> Iterator[tuple[int, str]]:
    """(line, code) where a call asks for a reason, kind, permission or task."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and called(node) not in DECLARATIONS:
            asked = [word.value for word in node.keywords if word.arg in KEYWORDS]
            asked += node.args[:1] if called(node) in CALLS else []
            for code in filter(None, (meant(value, module) for value in asked)):
                yield node.lineno, code


def called(node: ast.Call) -> str:
    """The last name of what is called."""
    return ast.unparse(node.func).rpartition(".")[2]
