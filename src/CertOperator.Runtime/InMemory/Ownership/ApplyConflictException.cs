using System.Globalization;

namespace CertOperator.Runtime.InMemory.Ownership;

/// <summary>An apply without force would change fields that others own.</summary>
internal sealed class ApplyConflictException(IReadOnlyList<FieldOwner> conflicts) : Exception(Describe(conflicts))
{
    /// <summary>Each field in question, with who owns it.</summary>
    public IEnumerable<(string Field, string Message)> Causes
        => conflicts.SelectMany(owner => owner.Fields.Paths().Select(path => (path, $"conflict with {Name(owner)}")));

    private static string Describe(IReadOnlyList<FieldOwner> conflicts)
    {
        var count = conflicts.Sum(owner => owner.Fields.Paths().Count());
        if (count == 1) return $"Apply failed with 1 conflict: conflict with {Name(conflicts[0])}: {conflicts[0].Fields.Paths().First()}";
        var lines = conflicts.Select(owner => $"conflicts with {Name(owner)}:\n" + string.Join('\n', owner.Fields.Paths().Select(path => "- " + path)));
        return $"Apply failed with {count} conflicts: {string.Join('\n', lines)}";
    }

    private static string Name(FieldOwner owner)
    {
        var name = $"\"{owner.Manager.Name}\"";
        if (owner.Manager.Subresource.Length > 0) name += $" with subresource \"{owner.Manager.Subresource}\"";
        return owner.Applied
            ? name
            : string.Create(CultureInfo.InvariantCulture, $"{name} using {owner.Manager.ApiVersion} at {owner.Time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}");
    }
}
