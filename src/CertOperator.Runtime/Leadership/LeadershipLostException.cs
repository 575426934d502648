namespace CertOperator.Runtime.Leadership;

/// <summary>
/// Leadership was lost and the work did not stop before others may have taken over. The process has to exit: two leaders
/// are worse than none.
/// </summary>
public sealed class LeadershipLostException(string message) : Exception(message);
