"""C4: the spine – Case, WorkOrder, Duty, JournalEntry – and the one gate through which a case moves."""
