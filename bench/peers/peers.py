"""The peers of the routing and assignment rows: reads a problem, solves it, prints `{"seconds": [...], ...}`.

Only the solving is timed; reading, importing and building the peer's own input are not.
"""
import json
import sys
import time


def timed(rounds, work):
    seconds, answer = [], None
    for number in range(rounds):
        start = time.perf_counter()
        answer = work(number)
        seconds.append(time.perf_counter() - start)
    return seconds, answer


def flow(problem, rounds):
    """Minimum-cost flow by OR-Tools (cost scaling)."""
    import numpy as np
    from ortools.graph.python import min_cost_flow

    arcs = np.array(problem["arcs"], dtype=np.int64)

    def solve(_):
        solver = min_cost_flow.SimpleMinCostFlow()
        solver.add_arcs_with_capacity_and_unit_cost(arcs[:, 0], arcs[:, 1], arcs[:, 2], arcs[:, 3])
        solver.set_nodes_supplies(np.arange(len(problem["supplies"])), np.array(problem["supplies"]))
        assert solver.solve() == solver.OPTIMAL
        return solver.optimal_cost()

    seconds, cost = timed(rounds, solve)
    return {"seconds": seconds, "cost": cost}


def dispatch(problem, rounds):
    """Weighted last arrivals by CP-SAT, with its own search on both cores, for `limit` seconds."""
    from ortools.sat.python import cp_model

    def solve(_):
        model = cp_model.CpModel()
        trips = {}
        for unit, incident, seconds in problem["trips"]:
            for kind in problem["kinds"][unit]:
                if [kind] and any(k == kind for k, _ in problem["wants"][incident]):
                    trips[unit, incident, kind] = (model.new_bool_var(""), seconds)
        by_unit, by_slot = {}, {}
        for (unit, incident, kind), (var, _) in trips.items():
            by_unit.setdefault(unit, []).append(var)
            by_slot.setdefault((incident, kind), []).append(var)
        for variables in by_unit.values():
            model.add_at_most_one(variables)
        for group, leave in enumerate(problem["may_leave"]):
            members = [v for u, vs in by_unit.items() if problem["group"][u] == group for v in vs]
            model.add(sum(members) <= leave)
        last = []
        for incident, wants in enumerate(problem["wants"]):
            latest = model.new_int_var(0, 10**6, "")
            last.append(latest)
            for kind, count in wants:
                model.add(sum(by_slot.get((incident, kind), [])) == count)
        for (unit, incident, kind), (var, seconds) in trips.items():
            model.add(last[incident] >= seconds).only_enforce_if(var)
        model.minimize(sum(w * t for w, t in zip(problem["weights"], last)))
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = problem["limit"]
        solver.parameters.num_workers = 2
        status = solver.solve(model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None, None
        return round(solver.objective_value), solver.best_objective_bound

    seconds, (cost, bound) = timed(rounds, solve)
    return {"seconds": seconds, "cost": cost, "bound": bound}


def closures(problem, rounds):
    """Re-weighing by RoutingKit's customizable contraction hierarchy: all arcs, and only those that changed."""
    import routingkit_cch as rk

    tail, head, weights = problem["tail"], problem["head"], problem["weights"]
    order = rk.compute_order_inertial(len(problem["lat"]), tail, head, problem["lat"], problem["lon"])
    cch = rk.CCH(order, tail, head, False)
    metric = rk.CCHMetric(cch, weights)
    whole, _ = timed(rounds, lambda _: metric.reset(weights))
    updater = rk.CCHMetricPartialUpdater(cch)
    sets = problem["closed"]

    def close(number):
        updater.apply(metric, {arc: 2**31 - 1 for arc in sets[number % len(sets)]})

    part = []
    for number in range(rounds):
        start = time.perf_counter()
        close(number)
        part.append(time.perf_counter() - start)
        updater.apply(metric, {arc: weights[arc] for arc in sets[number % len(sets)]})
    return {"seconds": whole, "part": part}


def nearest(problem, rounds):
    """One to all resources by RoutingKit (targets pinned before), then the ten nearest."""
    import heapq

    import routingkit_cch as rk

    tail, head = problem["tail"], problem["head"]
    order = rk.compute_order_inertial(len(problem["lat"]), tail, head, problem["lat"], problem["lon"])
    metric = rk.CCHMetric(rk.CCH(order, head, tail, False), problem["weights"])
    many = rk.CCHOneToMany(metric, problem["resources"])
    answers = []

    def ask(number):
        distances = many.distances_from(problem["places"][number])
        answers.append(heapq.nsmallest(10, (d for d in distances if d is not None)))

    seconds, _ = timed(min(rounds, len(problem["places"])), ask)
    return {"seconds": seconds, "answers": answers}


if __name__ == "__main__":
    name, path, count = sys.argv[1:4]
    with open(path) as file:
        question = json.load(file)
    print(json.dumps(globals()[name](question, int(count))))
