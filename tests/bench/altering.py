"""Decisions in code altered in one way at a time, and put into functions that are there already."""

import ast
import copy
from collections.abc import Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any

ENTERED = "_entered"  # a set in the module, for functions that note that they were called

COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}


def alter(node: ast.AST) -> Iterator[tuple[str, ast.AST | None]]:
    """Yield (what is done, the other node) for every way to alter one node; None takes it out."""
    match node:
        case ast.Compare(ops=[op]):
            other = copy.deepcopy(node)
            other.ops = [COMPARED[type(op)]()]
            yield "turn the comparison", other
        case ast.BoolOp():
            other_bool = copy.deepcopy(node)
            other_bool.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield "and for or", other_bool
            for place in range(len(node.values)):
                kept = [v for n, v in enumerate(node.values) if n != place]
                one = copy.deepcopy(node)
                one.values = copy.deepcopy(kept)
                yield f"without part {place + 1}", one if len(kept) > 1 else copy.deepcopy(kept[0])
        case ast.UnaryOp(op=ast.Not()):
            yield "without not", copy.deepcopy(node.operand)
        case ast.If() | ast.IfExp():
            for value in (True, False):
                sure = copy.deepcopy(node)
                sure.test = ast.Constant(value)
                yield f"always {value}", sure
        case ast.Constant(value=bool() as told):
            yield "the other constant", ast.Constant(not told)
        case ast.Constant(value=int() as number):
            yield "one more", ast.Constant(number + 1)
        case ast.Tuple(elts=[_, *_], ctx=ast.Load()):
            for place in range(len(node.elts)):
                fewer = copy.deepcopy(node)
                del fewer.elts[place]
                yield f"without element {place + 1}", fewer
        case ast.Expr(value=ast.Call()) | ast.Raise() | ast.Delete():
            yield "not done", None


def mutants(tree: ast.Module, functions: tuple[str, ...]) -> Iterator[tuple[str, ast.Module]]:
    """Yield (where and what, the altered module) for every alteration within the functions."""
    for place, function in enumerate(tree.body):
        if not isinstance(function, ast.FunctionDef) or function.name not in functions:
            continue
        skipped = {id(one) for part in _not_decisions(function) for one in ast.walk(part)}
        for number, node in enumerate(ast.walk(function)):
            if id(node) in skipped or node is function:
                continue
            for what, other in alter(node):
                altered = copy.deepcopy(tree)
                target = next(n for k, n in enumerate(ast.walk(altered.body[place])) if k == number)
                altered.body[place] = _Swap(target, other).visit(altered.body[place])
                line = getattr(node, "lineno", function.lineno)
                yield f"{function.name}:{line} {what}", ast.fix_missing_locations(altered)


def _not_decisions(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Yield what is no decision: words for people, annotations, decorators."""
    yield function.args
    yield from function.decorator_list
    if function.returns:
        yield function.returns
    for node in ast.walk(function):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
            yield node
        if isinstance(node, ast.AnnAssign):
            yield node.annotation


class _Swap(ast.NodeTransformer):
    """Put one node in the place of another; nothing becomes `pass`."""

    def __init__(self, target: ast.AST, other: ast.AST | None) -> None:
        self.target = target
        self.other = other or ast.Pass()

    def visit(self, node: ast.AST) -> Any:
        return self.other if node is self.target else self.generic_visit(node)


def put_in(module: ModuleType, tree: ast.Module) -> None:
    """Give the functions that are there already the altered code."""
    file = module.__file__ or "?"
    fresh = {c.co_name: c for c in compile(tree, file, "exec").co_consts if isinstance(c, CodeType)}
    for name, found in vars(module).items():
        function = getattr(found, "__wrapped__", found)
        if isinstance(function, FunctionType) and function.__module__ == module.__name__:
            function.__code__ = fresh.get(name, function.__code__)


def enter(tree: ast.Module, functions: tuple[str, ...]) -> ast.Module:
    """Return the module with each function noting that it was entered, and nothing else altered."""
    noting = copy.deepcopy(tree)
    for function in noting.body:
        if isinstance(function, ast.FunctionDef) and function.name in functions:
            note = ast.parse(f"{ENTERED}.add({function.name!r})").body[0]
            place = 1 if ast.get_docstring(function) else 0
            function.body.insert(place, note)
    return ast.fix_missing_locations(noting)
