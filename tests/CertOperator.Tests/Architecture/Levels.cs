namespace CertOperator.Architecture;

/// <summary>
/// The folders below a namespace, from the lowest level up. A folder may use those of lower levels; those that share a level
/// do not use each other. The empty name is the namespace itself.
/// </summary>
internal sealed class Levels(string root, params string[][] levels)
{
    /// <summary>One sentence for each use that goes up or sideways, and for each folder that has no level.</summary>
    public IReadOnlyList<string> Violations(IEnumerable<TypeUse> uses) =>
    [
        .. uses.Where(use => use.User.Assembly == use.Used.Assembly && use.User.IsIn(root) && use.Used.IsIn(root))
            .Select(Violation)
            .OfType<string>()
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];

    private string? Violation(TypeUse use)
    {
        string user = Folder(use.User);
        string used = Folder(use.Used);
        if (Level(user) is not { } above)
            return $"The folder \"{user}\" has no level.";
        if (Level(used) is not { } below)
            return $"The folder \"{used}\" has no level.";
        return user == used || below < above ? null : $"{use}, and \"{used}\" is not below \"{user}\".";
    }

    private string Folder(TypeIdentity type) => type.Namespace.Length == root.Length ? "" : type.Namespace[(root.Length + 1)..].Split('.')[0];

    private int? Level(string folder) => Array.FindIndex(levels, level => level.Contains(folder)) is >= 0 and var level ? level : null;
}
