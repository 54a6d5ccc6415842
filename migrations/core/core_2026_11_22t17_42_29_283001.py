from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.base import OnDelete
from piccolo.columns.base import OnUpdate
from piccolo.columns.column_types import BigInt
from piccolo.columns.column_types import BigSerial
from piccolo.columns.column_types import Bytea
from piccolo.columns.column_types import ForeignKey
from piccolo.columns.column_types import Timestamptz
from piccolo.columns.column_types import Varchar
from piccolo.columns.indexes import IndexMethod
from piccolo.constraints import Check
from piccolo.table import Table


class Order(Table, tablename="payment_order", schema=None):
    id = BigSerial(
        null=False,
        primary_key=True,
        unique=False,
        index=False,
        index_method=IndexMethod.btree,
        choices=None,
        db_column_name=None,
        secret=False,
    )


ID = "2026-11-22T17:42:29:283001"
VERSION = "1.38.0"
DESCRIPTION = "gift: gifts are orders"


async def forwards():
    manager = MigrationManager(
        migration_id=ID, app_name="core", description=DESCRIPTION
    )

    manager.add_column(
        table_class_name="FundGift",
        tablename="fund_gift",
        column_name="asked_from",
        db_column_name="asked_from",
        column_class_name="Bytea",
        column_class=Bytea,
        params={
            "default": None,
            "null": True,
            "primary_key": False,
            "unique": False,
            "index": False,
            "index_method": IndexMethod.btree,
            "choices": None,
            "db_column_name": None,
            "secret": False,
        },
        schema=None,
    )

    manager.add_column(
        table_class_name="FundGift",
        tablename="fund_gift",
        column_name="order",
        db_column_name="order",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": Order,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "target_column": None,
            "null": True,
            "primary_key": False,
            "unique": True,
            "index": False,
            "index_method": IndexMethod.btree,
            "choices": None,
            "db_column_name": None,
            "secret": False,
        },
        schema=None,
    )

    manager.add_column(
        table_class_name="FundGift",
        tablename="fund_gift",
        column_name="returned_at",
        db_column_name="returned_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={
            "default": None,
            "null": True,
            "primary_key": False,
            "unique": False,
            "index": False,
            "index_method": IndexMethod.btree,
            "choices": None,
            "db_column_name": None,
            "secret": False,
        },
        schema=None,
    )

    manager.add_column(
        table_class_name="FundGift",
        tablename="fund_gift",
        column_name="returned_fen",
        db_column_name="returned_fen",
        column_class_name="BigInt",
        column_class=BigInt,
        params={
            "default": 0,
            "null": False,
            "primary_key": False,
            "unique": False,
            "index": False,
            "index_method": IndexMethod.btree,
            "choices": None,
            "db_column_name": None,
            "secret": False,
        },
        schema=None,
    )

    manager.add_column(
        table_class_name="Order",
        tablename="payment_order",
        column_name="page",
        db_column_name="page",
        column_class_name="Varchar",
        column_class=Varchar,
        params={
            "length": 80,
            "default": "",
            "null": False,
            "primary_key": False,
            "unique": False,
            "index": False,
            "index_method": IndexMethod.btree,
            "choices": None,
            "db_column_name": None,
            "secret": False,
        },
        schema=None,
    )

    manager.add_column(
        table_class_name="OrderLine",
        tablename="payment_order_line",
        column_name="cause_id",
        db_column_name="cause_id",
        column_class_name="BigInt",
        column_class=BigInt,
        params={
            "default": None,
            "null": True,
            "primary_key": False,
            "unique": False,
            "index": False,
            "index_method": IndexMethod.btree,
            "choices": None,
            "db_column_name": None,
            "secret": False,
        },
        schema=None,
    )

    manager.add_column(
        table_class_name="OrderLine",
        tablename="payment_order_line",
        column_name="cause_kind",
        db_column_name="cause_kind",
        column_class_name="Varchar",
        column_class=Varchar,
        params={
            "length": 60,
            "default": None,
            "null": True,
            "primary_key": False,
            "unique": False,
            "index": False,
            "index_method": IndexMethod.btree,
            "choices": None,
            "db_column_name": None,
            "secret": False,
        },
        schema=None,
    )

    manager.add_column(
        table_class_name="OrderLine",
        tablename="payment_order_line",
        column_name="restriction",
        db_column_name="restriction",
        column_class_name="Varchar",
        column_class=Varchar,
        params={
            "length": 60,
            "default": "",
            "null": False,
            "primary_key": False,
            "unique": False,
            "index": False,
            "index_method": IndexMethod.btree,
            "choices": None,
            "db_column_name": None,
            "secret": False,
        },
        schema=None,
    )

    manager.alter_column(
        table_class_name="FundGift",
        tablename="fund_gift",
        column_name="recorded_by",
        db_column_name="recorded_by",
        params={"null": True},
        old_params={"null": False},
        column_class=ForeignKey,
        old_column_class=ForeignKey,
        schema=None,
    )

    manager.alter_column(
        table_class_name="Order",
        tablename="payment_order",
        column_name="payer",
        db_column_name="payer",
        params={"null": True},
        old_params={"null": False},
        column_class=ForeignKey,
        old_column_class=ForeignKey,
        schema=None,
    )

    manager.add_constraint(
        table_class_name="FundGift",
        tablename="fund_gift",
        constraint_name="fund_gift_online",
        constraint_class=Check,
        params={"condition": "(method = 'online') = (\"order\" is not null)"},
        schema=None,
    )

    manager.add_constraint(
        table_class_name="FundGift",
        tablename="fund_gift",
        constraint_name="fund_gift_promised",
        constraint_class=Check,
        params={"condition": "state <> 'promised' or method = 'online'"},
        schema=None,
    )

    manager.add_constraint(
        table_class_name="FundGift",
        tablename="fund_gift",
        constraint_name="fund_gift_recorded",
        constraint_class=Check,
        params={"condition": "recorded_by is not null or method = 'online'"},
        schema=None,
    )

    manager.add_constraint(
        table_class_name="FundGift",
        tablename="fund_gift",
        constraint_name="fund_gift_returned",
        constraint_class=Check,
        params={
            "condition": "returned_fen = 0 or (counted_at is not null and returned_fen <= amount_fen)"
        },
        schema=None,
    )

    manager.add_constraint(
        table_class_name="Order",
        tablename="payment_order",
        constraint_name="payment_order_payer",
        constraint_class=Check,
        params={"condition": "payer is not null or page <> ''"},
        schema=None,
    )

    manager.add_constraint(
        table_class_name="OrderLine",
        tablename="payment_order_line",
        constraint_name="payment_order_line_lot",
        constraint_class=Check,
        params={
            "condition": "(cause_kind is null) = (cause_id is null) and (cause_kind is not null or restriction = '')"
        },
        schema=None,
    )

    return manager
