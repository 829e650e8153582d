"""Whether a script can be read by browsers of 2017, as old WebViews in the field are.

The script is parsed, and whatever its tree has that ECMAScript 2017 has not is told: kinds of
nodes, operators, and the places where an old kind got a new use. The list says what is allowed, so
that syntax which nobody had thought of is refused too.
"""

import re
from collections.abc import Iterator
from typing import Any

import esprima

NODES = """
  ArrayExpression ArrayPattern ArrowFunctionExpression AssignmentExpression AssignmentPattern
  AwaitExpression BinaryExpression BlockStatement BreakStatement CallExpression CatchClause
  ClassBody ClassDeclaration ClassExpression ConditionalExpression ContinueStatement
  DebuggerStatement DoWhileStatement EmptyStatement ExportAllDeclaration ExportDefaultDeclaration
  ExportNamedDeclaration ExportSpecifier ExpressionStatement ForInStatement ForOfStatement
  ForStatement FunctionDeclaration FunctionExpression Identifier IfStatement ImportDeclaration
  ImportDefaultSpecifier ImportNamespaceSpecifier ImportSpecifier LabeledStatement Literal
  LogicalExpression MemberExpression MetaProperty MethodDefinition Module NewExpression
  ObjectExpression ObjectPattern Program Property RestElement ReturnStatement SequenceExpression
  SpreadElement StaticMemberExpression ComputedMemberExpression Super SwitchCase SwitchStatement
  TaggedTemplateExpression TemplateElement TemplateLiteral ThisExpression ThrowStatement
  TryStatement UnaryExpression UpdateExpression VariableDeclaration VariableDeclarator
  WhileStatement WithStatement YieldExpression
"""
ASSIGNING = "= += -= *= /= %= **= <<= >>= >>>= &= ^= |="
FLAGS = re.compile("[gimuy]*")
NEW_IN_PATTERNS = re.compile(r"\(\?<|\\p\{")  # looking behind, named groups, kinds of characters


def later_than_2017(source: str) -> list[str]:
    """Return what in a module is newer than ECMAScript 2017; raise esprima.Error for no script."""
    return list(_list_later(esprima.parseModule(source)))


def _list_later(node: Any) -> Iterator[str]:
    """Yield what is newer in a node and below it."""
    if isinstance(node, list):
        for one in node:
            yield from _list_later(one)
    elif isinstance(getattr(node, "type", None), str):
        yield from _faults(node)
        for name, value in vars(node).items():
            if not name.startswith("_") and name not in ("loc", "range", "regex"):
                yield from _list_later(value)


def _faults(node: Any) -> Iterator[str]:
    """Yield what is newer in a node itself."""
    if node.type not in NODES.split():
        yield node.type
    told = {name: value for name, value in vars(node).items() if value is not None}
    checks = {
        "optional chaining": bool(told.get("optional")),
        "operator": node.type == "LogicalExpression" and told["operator"] not in ("&&", "||"),
        "assignment": node.type == "AssignmentExpression"
        and told["operator"] not in ASSIGNING.split(),
        "catch without a name": node.type == "CatchClause" and "param" not in told,
        "spread in an object": _spreads(node, told),
        "generator": bool(told.get("isAsync") and told.get("generator")),
        "for await": node.type == "ForOfStatement" and bool(told.get("await")),
        "export of all as": node.type == "ExportAllDeclaration" and "exported" in told,
        "import()": node.type == "CallExpression" and told["callee"].type == "Import",
        "import.meta": node.type == "MetaProperty" and told["meta"].name == "import",
        "number": node.type == "Literal" and _is_new_literal(told),
    }
    yield from (name for name, found in checks.items() if found)


def _spreads(node: Any, told: dict[str, Any]) -> bool:
    """Say whether an object is spread or rests are taken of one."""
    parts = told.get("properties") or []
    return node.type.startswith("Object") and any(p.type != "Property" for p in parts)


def _is_new_literal(told: dict[str, Any]) -> bool:
    """Say whether a number has underscores or no bounds, or a pattern what is newer."""
    pattern = told.get("regex")
    if pattern is not None:
        return not FLAGS.fullmatch(pattern.flags) or bool(NEW_IN_PATTERNS.search(pattern.pattern))
    raw = str(told.get("raw", ""))
    return raw[:1].isdigit() and ("_" in raw or raw.endswith("n"))
