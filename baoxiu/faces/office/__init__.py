"""管理后台: procedure, people, catalogue, dashboard."""
