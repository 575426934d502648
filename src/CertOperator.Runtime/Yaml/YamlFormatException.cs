namespace CertOperator.Runtime.Yaml;

/// <summary>The text is not YAML that Kubernetes could read.</summary>
/// <param name="line">Where, from 1.</param>
/// <param name="column">Where, from 1.</param>
/// <param name="problem">What is wrong there.</param>
public sealed class YamlFormatException(int line, int column, string problem)
    : FormatException($"Line {line}, column {column}: {problem}")
{
    /// <summary>Where, from 1.</summary>
    public int Line { get; } = line;

    /// <summary>Where, from 1.</summary>
    public int Column { get; } = column;
}
