"""Publishes what a dbt run has just built. A dbt hook is SQL, so this runs after dbt, where its result is on disk:

    dbt build --select stock && python3 dbt_post_run.py target/run_results.json stock ../stock/daily_snapshot.yaml

It publishes only if the model and its tests succeeded in that run, and ends as penstock_task.py does: 0 done, 75 try again, 1 stop.
"""

import json
import sys

import penstock_task

SUCCEEDED = frozenset({"success", "pass", "warn"})


def why_not(results, model):
    """Why the model must not be published; None if it may be."""
    # unique_id: model.<project>.<name>, test.<project>.<test>_<name>_….<hash>
    parts = {result["unique_id"]: result["status"] for result in results["results"]}
    own = [status for name, status in parts.items() if name.startswith("model.") and name.split(".")[-1] == model]
    if not own:
        return f"the run did not build {model}"
    failed = sorted(name for name, status in parts.items() if status not in SUCCEEDED)
    return f"not everything succeeded: {', '.join(failed)}" if failed else None


def main(run_results, model, publication, *parameters):
    with open(run_results, encoding="utf-8") as file:
        results = json.load(file)
    reason = why_not(results, model)
    if reason is not None:
        print(f"not published: {reason}")
        return 1
    run_id = results["metadata"]["invocation_id"]
    outcome, said = penstock_task.publish(publication, run_id, **dict(each.split("=", 1) for each in parameters))
    print(f"{outcome}: {said}")
    return {penstock_task.DONE: 0, penstock_task.RETRY: 75, penstock_task.STOP: 1}[outcome]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
