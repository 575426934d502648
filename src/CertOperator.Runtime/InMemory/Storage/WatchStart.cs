using System.Globalization;
using CertOperator.Runtime.InMemory.Errors;

namespace CertOperator.Runtime.InMemory.Storage;

/// <summary>Where a watch begins.</summary>
internal static class WatchStart
{
    /// <summary>The version to begin after; null (begin with what exists) for none or 0.</summary>
    /// <exception cref="ApiStatusException">It is not a version.</exception>
    public static long? Parse(string? resourceVersion)
    {
        if (string.IsNullOrEmpty(resourceVersion) || resourceVersion == "0") return null;
        return long.TryParse(resourceVersion, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : throw Refusals.BadRequest($"Invalid value: \"{resourceVersion}\": strconv.ParseUint: parsing \"{resourceVersion}\": invalid syntax");
    }
}
