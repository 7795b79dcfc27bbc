"""stock.v1 in Airflow: a snapshot a night, an upsert an hour. Put it beside penstock_task.py in the DAGs folder."""

from datetime import datetime, timedelta, timezone
from pathlib import Path

from airflow.decorators import dag, task
from airflow.exceptions import AirflowException, AirflowFailException

import penstock_task

EXAMPLE = Path(__file__).resolve().parent.parent / "stock"
RETRIES = {"retries": 5, "retry_delay": timedelta(minutes=2), "retry_exponential_backoff": True}


def publish(file, run_id, **parameters):
    """Fails in a way that Airflow retries, or at once."""
    outcome, said = penstock_task.publish(EXAMPLE / file, run_id, **parameters)
    print(said)
    if outcome == penstock_task.RETRY:
        raise AirflowException(said)
    if outcome == penstock_task.STOP:
        raise AirflowFailException(said)


@dag(
    dag_id="stock_daily",
    schedule="30 0 * * *",
    start_date=datetime(2026, 11, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=1,
)
def stock_daily():
    @task(**RETRIES)
    def snapshot(run_id=None):
        publish("daily_snapshot.yaml", run_id)

    snapshot()


@dag(
    dag_id="stock_hourly",
    schedule="5 * * * *",
    start_date=datetime(2026, 11, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=1,
)
def stock_hourly():
    # An hour that failed goes first: it would be refused as older data once a later one is published.
    @task(depends_on_past=True, **RETRIES)
    def upsert(data_interval_start=None, run_id=None):
        publish("hourly_upsert.yaml", run_id, hour=data_interval_start.strftime("%Y-%m-%dT%H"))

    upsert()


stock_daily()
stock_hourly()
