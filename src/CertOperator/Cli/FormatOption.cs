using System.CommandLine;

namespace CertOperator.Cli;

/// <summary><c>--output</c>.</summary>
internal static class FormatOption
{
    public const string Table = "table";
    public const string Wide = "wide";
    public const string Json = "json";
    public const string Yaml = "yaml";

    /// <param name="formats">The default first.</param>
    public static Option<string> Create(params string[] formats)
    {
        var option = new Option<string>("--output", "-o")
        {
            Description = $"{string.Join(", ", formats[..^1])} or {formats[^1]}.",
            HelpName = "format",
            DefaultValueFactory = _ => formats[0],
        };
        option.AcceptOnlyFromAmong(formats);
        return option;
    }

    /// <summary>Whether programs read it, and so nothing but it may be on standard output.</summary>
    public static bool IsStructured(string format) => format is Json or Yaml;
}
