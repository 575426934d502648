using System.Text.RegularExpressions;

namespace CertOperator.Runtime.InMemory.Resources;

/// <summary>The forms that names of objects must have.</summary>
internal enum NameRule
{
    /// <summary>RFC 1123 subdomain.</summary>
    Subdomain,

    /// <summary>RFC 1123 label.</summary>
    Label,

    /// <summary>RFC 1035 label.</summary>
    ServiceLabel,
}

/// <summary>Syntax of names, labels and keys, with the sentences of the API server.</summary>
internal static partial class Names
{
    /// <summary>What is wrong with a name; null if nothing.</summary>
    public static string? Problem(string name, NameRule rule) => rule switch
    {
        NameRule.Subdomain => Subdomain(name),
        NameRule.Label when name.Length > 63 => "must be no more than 63 characters",
        NameRule.Label when !LabelPattern().IsMatch(name) =>
            "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character "
            + "(e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
        NameRule.ServiceLabel when name.Length > 63 => "must be no more than 63 characters",
        NameRule.ServiceLabel when !ServicePattern().IsMatch(name) =>
            "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric "
            + "character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
        _ => null,
    };

    /// <summary>What is wrong with a label or annotation key; null if nothing.</summary>
    public static string? KeyProblem(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        var name = key[(slash + 1)..];
        if (slash == 0) return "prefix part must be non-empty";
        if (slash > 0 && Subdomain(key[..slash]) is { } problem) return "prefix part " + problem;
        if (name.Length == 0) return "name part must be non-empty";
        if (name.Length > 63) return "name part must be no more than 63 characters";
        return QualifiedPattern().IsMatch(name)
            ? null
            : "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
                + "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
    }

    /// <summary>What is wrong with a label value; null if nothing.</summary>
    public static string? LabelValueProblem(string value)
    {
        if (value.Length > 63) return "must be no more than 63 characters";
        return value.Length == 0 || QualifiedPattern().IsMatch(value)
            ? null
            : "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
                + "character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
    }

    /// <summary>What is wrong with a key of a Secret or ConfigMap; null if nothing.</summary>
    public static string? DataKeyProblem(string key)
    {
        if (key.Length > 253) return "must be no more than 253 characters";
        return DataKeyPattern().IsMatch(key) && key is not "." and not ".."
            ? null
            : "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used "
                + "for validation is '[-._a-zA-Z0-9]+')";
    }

    private static string? Subdomain(string name)
    {
        if (name.Length > 253) return "must be no more than 253 characters";
        return SubdomainPattern().IsMatch(name)
            ? null
            : "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric "
                + "character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
    }

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z")]
    private static partial Regex SubdomainPattern();

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex LabelPattern();

    [GeneratedRegex(@"\A[a-z]([-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex ServicePattern();

    [GeneratedRegex(@"\A([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]\z")]
    private static partial Regex QualifiedPattern();

    [GeneratedRegex(@"\A[-._a-zA-Z0-9]+\z")]
    private static partial Regex DataKeyPattern();
}
