using System.CommandLine;

namespace CertOperator.Cli;

/// <summary><c>--output</c>.</summary>
internal static class FormatOption
{
    public static Option<string> Create(params string[] formats)
    {
        var option = new Option<string>("--output", "-o") { Description = $"{string.Join(" or ", formats)}.", HelpName = "format", DefaultValueFactory = _ => formats[0] };
        option.AcceptOnlyFromAmong(formats);
        return option;
    }
}
