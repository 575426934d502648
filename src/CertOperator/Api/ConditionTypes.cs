namespace CertOperator.Api;

/// <summary>Types and statuses of conditions.</summary>
internal static class ConditionTypes
{
    public const string Ready = "Ready";
    public const string Issuing = "Issuing";
    public const string RolledOut = "RolledOut";
    public const string Served = "Served";

    public const string True = "True";
    public const string False = "False";
    public const string Unknown = "Unknown";
}
