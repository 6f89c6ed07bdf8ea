"""An independent, slow and obvious model of labour-time accounting, written from the contract alone.

Nothing here imports ``conductor_bean``: where the engine and this model differ, one of them has misread a rule.
"""
