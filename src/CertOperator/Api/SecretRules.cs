using System.Text;
using System.Text.RegularExpressions;

namespace CertOperator.Api;

/// <summary>
/// What a Certificate may say of its Secret. The API server would refuse the rest too, but only after a certificate was issued
/// for it, and again at each attempt.
/// </summary>
internal static partial class SecretRules
{
    /// <summary>The API server allows 256 KiB; the operator's own annotations and what others add need some of it.</summary>
    private const int MaxAnnotationBytes = 200 * 1024;

    private const int MaxNameLength = 253;
    private const int MaxLabelLength = 63;

    /// <summary>What follows the name of a Secret in that of the Secret with its former key pairs.</summary>
    public const string HistorySuffix = "-history";

    private static readonly IReadOnlyDictionary<string, string> NoEntries = new Dictionary<string, string>();

    public static void Check(CertificateSpec spec, List<string> problems)
    {
        CheckName("secretName", spec.SecretName);
        if (spec.History > 0 && spec.SecretName.Length > MaxNameLength - HistorySuffix.Length)
            problems.Add($"secretName has {spec.SecretName.Length} characters: with history at most {MaxNameLength - HistorySuffix.Length}, since {HistorySuffix} follows it in the name of the Secret for the former key pairs.");
        CheckName("keystores.jks.passwordSecretRef.name", spec.Keystores?.Jks?.PasswordSecretRef?.Name);
        CheckName("keystores.pkcs12.passwordSecretRef.name", spec.Keystores?.Pkcs12?.PasswordSecretRef?.Name);
        foreach (var (key, value) in spec.SecretTemplate?.Labels ?? NoEntries)
        {
            if (!CheckKey("labels", key, problems))
                continue;
            if (value is null || value.Length > MaxLabelLength || !(value.Length == 0 || QualifiedName().IsMatch(value)))
                problems.Add($"secretTemplate.labels[{key}] has the value \"{CertificateRules.Shown(value)}\": a label's value has at most {MaxLabelLength} letters, digits, hyphens, dots and underscores.");
        }

        foreach (string key in spec.SecretTemplate?.Annotations?.Keys ?? [])
            CheckKey("annotations", key, problems);
        int bytes = (spec.SecretTemplate?.Annotations ?? NoEntries).Sum(pair => Encoding.UTF8.GetByteCount(pair.Key) + Encoding.UTF8.GetByteCount(pair.Value ?? ""));
        if (bytes > MaxAnnotationBytes)
            problems.Add($"secretTemplate.annotations take {bytes} bytes: at most {MaxAnnotationBytes} fit.");

        void CheckName(string field, string? name)
        {
            if (name is not null && NameProblem(field, name) is { } problem)
                problems.Add(problem);
        }
    }

    /// <summary>Whether a Secret can have this name.</summary>
    public static bool IsName(string name) => IsSubdomain(name);

    /// <summary>Why a field cannot name an object, in one sentence; null if it can.</summary>
    public static string? NameProblem(string field, string name, string kind = "Secret") => IsSubdomain(name)
        ? null
        : $"{field} \"{CertificateRules.Shown(name)}\" cannot name a {kind}: use lower-case letters, digits, hyphens and dots, at most {MaxNameLength} of them.";

    private static bool CheckKey(string map, string key, List<string> problems)
    {
        string[] parts = key.Split('/');
        bool valid = parts.Length <= 2 && parts[^1].Length <= MaxLabelLength && QualifiedName().IsMatch(parts[^1])
            && (parts.Length == 1 || IsSubdomain(parts[0]));
        if (!valid)
            problems.Add($"secretTemplate.{map} has the key \"{CertificateRules.Shown(key)}\", which is none: write name or example.com/name.");
        else if (key == Labels.ManagedBy || key.StartsWith(ApiGroup.Prefixed(""), StringComparison.Ordinal))
            problems.Add($"secretTemplate.{map} sets {key}, which the operator sets itself: remove it.");
        else
            return true;
        return false;
    }

    private static bool IsSubdomain(string text) => text.Length <= MaxNameLength && Subdomain().IsMatch(text);

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z")]
    private static partial Regex Subdomain();

    [GeneratedRegex(@"\A[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?\z")]
    private static partial Regex QualifiedName();
}
