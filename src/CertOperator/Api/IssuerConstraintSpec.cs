using System.ComponentModel;
using System.Text.RegularExpressions;
using CertOperator.Runtime.Schema;

namespace CertOperator.Api;

/// <summary>What an issuer signs. A request that keeps to one of an issuer's constraints, as a whole, is signed.</summary>
[KubeRule("!(has(self.allowCA) && self.allowCA && has(self.dnsNames))", Sentences.UnboundCa)]
internal sealed partial record IssuerConstraintSpec
{
    /// <summary>Of names that may be in a certificate: one name, every name below a domain, or any.</summary>
    public const string NamePattern = @"^(\*|(\*\.)?[a-z0-9_]([-a-z0-9_]{0,61}[a-z0-9_])?(\.[a-z0-9_]([-a-z0-9_]{0,61}[a-z0-9_])?)*)$";

    [Description("Namespaces whose Certificates are signed; all if absent.")]
    [KubeItems(256)]
    [KubeLength(63, Min = 1, Each = true)]
    public IReadOnlyList<string>? Namespaces { get; init; }

    [Description("Labels of the namespaces whose Certificates are signed; all if absent.")]
    public LabelSelectorSpec? NamespaceSelector { get; init; }

    [Description("Names that a certificate may have, any if absent: example.com is this name, *.example.com every name below it. With dnsNames, a certificate may have no IP addresses, URIs, e-mail addresses and other names.")]
    [KubeItems(128)]
    [KubeLength(253, Each = true)]
    [KubePattern(NamePattern, Each = true)]
    public IReadOnlyList<string>? DnsNames { get; init; }

    [Description("Whether wildcards such as *.example.com are signed; not if absent.")]
    public bool? AllowWildcards { get; init; }

    [Description("Whether CA certificates (isCA) are signed; not if absent. Excludes dnsNames.")]
    public bool? AllowCA { get; init; }

    [Description("The longest duration that may be asked for, as a Go duration; any if absent.")]
    [KubePattern(GoDuration.Pattern)]
    public string? MaxDuration { get; init; }

    public static bool IsNamePattern(string text) => NameRegex().IsMatch(text);

    [GeneratedRegex(NamePattern)]
    private static partial Regex NameRegex();
}

/// <summary>metav1.LabelSelector: all of it must fit.</summary>
internal sealed record LabelSelectorSpec
{
    [Description("Labels with these values.")]
    public IReadOnlyDictionary<string, string>? MatchLabels { get; init; }

    [Description("What else must be true of labels.")]
    [KubeItems(64)]
    public IReadOnlyList<LabelRequirementSpec>? MatchExpressions { get; init; }

    public bool Fits(IReadOnlyDictionary<string, string>? labels)
        => (MatchLabels ?? new Dictionary<string, string>()).All(pair => labels?.GetValueOrDefault(pair.Key) == pair.Value)
            && (MatchExpressions ?? []).All(requirement => requirement.Fits(labels));
}

internal sealed record LabelRequirementSpec
{
    [Description("Key of a label.")]
    public required string Key { get; init; }

    [Description("In and NotIn look at its value; NotIn and DoesNotExist hold without the label.")]
    [KubeEnum("In", "NotIn", "Exists", "DoesNotExist")]
    public required string Operator { get; init; }

    [Description("For In and NotIn.")]
    [KubeItems(256)]
    public IReadOnlyList<string>? Values { get; init; }

    public bool Fits(IReadOnlyDictionary<string, string>? labels)
    {
        string? value = labels?.GetValueOrDefault(Key);
        return Operator switch
        {
            "In" => value is not null && Values?.Contains(value) == true,
            "NotIn" => value is null || Values?.Contains(value) != true,
            "Exists" => value is not null,
            "DoesNotExist" => value is null,
            _ => false,
        };
    }
}
