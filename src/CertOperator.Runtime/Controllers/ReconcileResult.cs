namespace CertOperator.Runtime.Controllers;

/// <summary>How an attempt ended, as metrics name it.</summary>
internal enum ReconcileResult
{
    Done,
    After,
    Conflict,
    Error,
    Terminal,
    Cancelled,
    Abandoned,
}
