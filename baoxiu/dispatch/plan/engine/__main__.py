"""`python -m baoxiu.dispatch.plan.engine`: compile the search before anybody waits for a plan."""

from baoxiu.dispatch.plan import engine

if __name__ == "__main__" and engine.to_compile(linked=True):
    engine.load(linked=True)
