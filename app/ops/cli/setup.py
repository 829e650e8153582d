"""Set-up at every start, and a simulated branch to look at."""

import os

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from app.accounts.actions import ensure_setup_link
from app.bank.actions import publish_bank
from app.base import clock
from app.base.cli import json_option, report, sentences
from app.base.schema import current_revision, upgrade_schema, write_revision
from app.ops.actions import erase_again
from app.ops.demo import DEMO_UNIT, load_demo
from app.org.queries import find_unit

demo_group = AppGroup("demo", help="A clearly marked branch of simulated members.")
schema_group = AppGroup("schema", help="Tables of the database.")


@click.command("setup")
@click.option("--demo", is_flag=True, help="Add a demonstration branch when there is none.")
@with_appcontext
@sentences
def setup(demo: bool) -> None:
    """Bring the database up to date, publish the question bank, offer the first sign-in."""
    current_app.config["DATA"].mkdir(parents=True, exist_ok=True)
    upgrade_schema()
    now = clock.now()
    again = erase_again(now)
    if again:
        click.echo(f"恢复的备份里有已抹除的人，已再次抹除：{again} 人")
    published = publish_bank(current_app.config["QUESTION_BANK"], now)
    counts = (published.added, published.revised, published.unchanged, published.retired)
    click.echo("题库：新增 {}，修订 {}，未变 {}，停用 {}".format(*counts))
    if demo and find_unit(DEMO_UNIT) is None:
        made = load_demo(members=12, days=30, seed=1, now=now)
        click.echo(f"演示支部：{made.members} 人，{made.reviews} 次作答（均为模拟数据）")
        click.echo("演示登录：演示书记 / 演示学员01，密码 demo-2026-xueji")
    token = ensure_setup_link(now)
    if token:
        port = os.environ.get("XUEJI_PORT", "8000")
        click.echo(
            f"第一次使用，请打开这个一次性链接建立管理员：\n  http://127.0.0.1:{port}/setup/{token}"
        )


@demo_group.command("load")
@click.option("--members", default=12, type=click.IntRange(1, 5000))
@click.option("--days", default=30, type=click.IntRange(1, 365))
@click.option("--seed", default=1)
@json_option
@sentences
def demo_load(members: int, days: int, seed: int, as_json: bool) -> None:
    """Add simulated members with a history of `days` days; refuses when they exist."""
    made = load_demo(members, days, seed, clock.now())
    report({"members": made.members, "reviews": made.reviews}, as_json)


@schema_group.command("upgrade")
@json_option
def schema_upgrade(as_json: bool) -> None:
    """Bring the tables up to what this version of the site needs."""
    upgrade_schema()
    report({"revision": current_revision()}, as_json)


@schema_group.command("revision")
@click.argument("message")
def schema_revision(message: str) -> None:
    """Write a migration for what has changed in the models."""
    write_revision(message)
