namespace CertOperator.Acme.Challenges;

/// <summary>The form of CAA records' values, <c>issuer.example; tag=value; tag=value</c> (RFC 8659 section 4.2), as anybody may have written it.</summary>
internal sealed class IssueValue
{
    private const int MaxParameters = 64;

    private readonly Dictionary<string, string> _parameters = new(StringComparer.OrdinalIgnoreCase);

    private IssueValue(string issuer) => Issuer = issuer;

    /// <summary>Without a dot at the end.</summary>
    public string Issuer { get; }

    /// <summary>Null if it has not that form, or says something twice.</summary>
    public static IssueValue? Parse(string text)
    {
        var parts = text.Split(';', MaxParameters, StringSplitOptions.TrimEntries);
        var value = new IssueValue(parts[0].TrimEnd('.'));
        foreach (var part in parts.Skip(1).Where(part => part.Length > 0))
        {
            if (part.Split('=', 2, StringSplitOptions.TrimEntries) is not [{ Length: > 0 } tag, var content] || !value._parameters.TryAdd(tag, content)) return null;
        }
        return value;
    }

    public string? Find(string tag) => _parameters.GetValueOrDefault(tag);
}
