using System.Globalization;

namespace CertOperator.Runtime.Caching;

/// <summary>
/// Orders the resourceVersions of one kind. Kubernetes promises that they are whole numbers that rise (since 1.35, and kept
/// by every release before); one that is not a number is newer than nothing.
/// </summary>
internal readonly record struct ResourceVersion(string? Text)
{
    /// <summary>True against no version at all.</summary>
    public bool IsNewerThan(string? other)
        => Number(Text) is { } mine && (other is null || (Number(other) is { } theirs && mine > theirs));

    private static ulong? Number(string? text)
        => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) ? number : null;
}
