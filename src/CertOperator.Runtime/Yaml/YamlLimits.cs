namespace CertOperator.Runtime.Yaml;

/// <summary>How much YAML is read before it is taken for an attack.</summary>
public sealed record YamlLimits
{
    /// <summary>Length of the text.</summary>
    public int Characters { get; init; } = 8 * 1024 * 1024;

    /// <summary>Levels of nesting.</summary>
    public int Depth { get; init; } = 64;

    /// <summary>Scalars, mappings and sequences, those that aliases repeat included.</summary>
    public int Nodes { get; init; } = 500_000;
}
