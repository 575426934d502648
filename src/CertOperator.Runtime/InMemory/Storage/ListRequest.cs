using System.Globalization;
using System.Text;
using CertOperator.Runtime.InMemory.Errors;

namespace CertOperator.Runtime.InMemory.Storage;

/// <summary>One page asked for.</summary>
/// <param name="Selection">Which objects.</param>
/// <param name="Limit">How many at most; null for all.</param>
/// <param name="From">Where the page before ended.</param>
internal sealed record ListRequest(Selection Selection, int? Limit = null, ContinueToken? From = null);

/// <summary>One page.</summary>
/// <param name="Items">The objects.</param>
/// <param name="Version">State of the cluster that all pages of the list show.</param>
/// <param name="Next">Where the next page starts; null after the last.</param>
/// <param name="Remaining">How many come after this page; null if that takes a selector to know.</param>
internal sealed record ObjectPage(IReadOnlyList<StoredObject> Items, long Version, ContinueToken? Next, int? Remaining);

/// <summary>Keeps the pages of one list consistent: the version of the first, and the last path seen.</summary>
internal sealed record ContinueToken(long Version, string LastPath)
{
    /// <exception cref="ApiStatusException">It is not one of ours.</exception>
    public static ContinueToken? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        var bytes = new byte[text.Length];
        var parts = Convert.TryFromBase64String(text, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) : [];
        return parts.Length == 2 && long.TryParse(parts[0], CultureInfo.InvariantCulture, out var version)
            ? new ContinueToken(version, parts[1])
            : throw Refusals.BadRequest("continue key is not valid: encoded start key is malformed");
    }

    public override string ToString()
        => Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Version}:{LastPath}")));
}
