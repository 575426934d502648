namespace CertOperator.Runtime.Queues;

/// <summary>A key that was taken from a <see cref="WorkQueue{TKey}"/> and must be given back by <c>Done</c>.</summary>
/// <param name="Key">What to work on.</param>
/// <param name="Priority">The highest priority with which it was added.</param>
/// <param name="Waited">Time between being due and being taken.</param>
public readonly record struct WorkItem<TKey>(TKey Key, Priority Priority, TimeSpan Waited);
