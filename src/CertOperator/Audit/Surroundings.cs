using CertOperator.Api;
using CertOperator.Runtime.Objects;
using CertOperator.Secrets;

namespace CertOperator.Audit;

/// <summary>All that an audit of an Ingress looks at beside the Ingress itself.</summary>
internal sealed record Surroundings
{
    /// <summary>By name, of each Secret that spec.tls names.</summary>
    public required IReadOnlyDictionary<string, NamedSecret> Secrets { get; init; }

    /// <summary>The classes of the cluster; null if they cannot be seen.</summary>
    public required IReadOnlyList<IngressClass>? Classes { get; init; }

    /// <summary>The Ingress asks this operator for certificates, and is told elsewhere what is wrong with how it does.</summary>
    public bool IsManaged { get; init; }

    /// <summary>How old an Ingress must be before what others have still to bring is missed: its Secret, its address.</summary>
    public TimeSpan Patience { get; init; }
}

/// <summary>What is known of a Secret by its name.</summary>
internal sealed record NamedSecret
{
    /// <summary>What it holds; null if it is not there.</summary>
    public SecretFacts? Facts { get; init; }

    /// <summary>Its type, if that is not the TLS type.</summary>
    public string? OtherType { get; init; }

    /// <summary>Namespaces that have a TLS Secret of that name, where this one does not.</summary>
    public IReadOnlyList<string> Elsewhere { get; init; } = [];

    /// <summary>The Ingress itself asks this operator for it.</summary>
    public bool IsWanted { get; init; }

    /// <summary>The Certificate that is to fill it; null if none does.</summary>
    public Certificate? Certificate { get; init; }

    /// <summary>
    /// This operator fills it: that it is not there yet, is being put right or waits for new names, the Certificate tells. One that
    /// somebody else fills under a Certificate's nose is audited as any other.
    /// </summary>
    public bool IsOurs => IsWanted || (Certificate is not null && (Facts is null || Facts.Label(Labels.Certificate) is not null));

    /// <summary>What is served in place of what a Certificate stored, in one sentence; null if nothing else is known to be.</summary>
    public static string? Mismatch(Certificate? certificate)
        => Conditions.Find(certificate?.Status?.Conditions, ConditionTypes.Served) is { Status: ConditionTypes.False } served ? served.Message : null;
}
