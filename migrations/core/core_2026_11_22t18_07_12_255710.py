from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import Integer
from piccolo.columns.column_types import SmallInt
from piccolo.columns.indexes import IndexMethod
from piccolo.constraints import Check

ID = "2026-11-22T18:07:12:255710"
VERSION = "1.38.0"
DESCRIPTION = "volunteers: positions, distances, minors"


async def forwards():
    manager = MigrationManager(
        migration_id=ID, app_name="core", description=DESCRIPTION
    )

    manager.add_column(
        table_class_name="Opportunity",
        tablename="volunteer_opportunity",
        column_name="latitude",
        db_column_name="latitude",
        column_class_name="Integer",
        column_class=Integer,
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
        table_class_name="Opportunity",
        tablename="volunteer_opportunity",
        column_name="longitude",
        db_column_name="longitude",
        column_class_name="Integer",
        column_class=Integer,
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
        table_class_name="SignUp",
        tablename="volunteer_sign_up",
        column_name="within_m",
        db_column_name="within_m",
        column_class_name="SmallInt",
        column_class=SmallInt,
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

    manager.add_constraint(
        table_class_name="Opportunity",
        tablename="volunteer_opportunity",
        constraint_name="volunteer_opportunity_position",
        constraint_class=Check,
        params={
            "condition": "(latitude is null) = (longitude is null) and abs(latitude) <= 90000000 and abs(longitude) <= 180000000"
        },
        schema=None,
    )

    return manager
