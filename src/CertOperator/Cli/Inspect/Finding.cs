namespace CertOperator.Cli.Inspect;

/// <summary>Something that is wrong with what was inspected.</summary>
/// <param name="Code">CamelCase word for machines.</param>
/// <param name="Message">One sentence for people.</param>
internal sealed record Finding(string Code, string Message);
