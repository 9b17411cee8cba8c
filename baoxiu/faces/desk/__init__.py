"""客服工作台: inbox, phone desk, case page."""
