namespace CertOperator.Acme.Renewal;

/// <summary>What decided the time of a renewal.</summary>
public enum RenewalReason
{
    /// <summary>The CA's window.</summary>
    SuggestedWindow,

    /// <summary>The CA says nothing: the policy's own time.</summary>
    Policy,

    /// <summary>The CA's window ends too late to be safe.</summary>
    SafetyFloor,
}
