namespace CertOperator.Runtime.Leadership;

/// <summary>Whose the lease is, as far as one call to the API server could tell.</summary>
internal enum LeaseState
{
    /// <summary>The call failed or somebody was quicker.</summary>
    Unknown,

    Held,

    HeldByAnother,

    Free,
}
