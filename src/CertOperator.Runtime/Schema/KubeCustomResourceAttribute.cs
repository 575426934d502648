namespace CertOperator.Runtime.Schema;

/// <summary>How kubectl names a kind.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class KubeCustomResourceAttribute : Attribute
{
    /// <summary>E.g. <c>deploy</c>.</summary>
    public string[] ShortNames { get; set; } = [];

    /// <summary>Groups that <c>kubectl get</c> knows the kind by, e.g. <c>all</c>.</summary>
    public string[] Categories { get; set; } = [];
}
