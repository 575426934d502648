using System.CommandLine;

namespace CertOperator.Cli;

/// <summary><c>--timeout</c>, in seconds.</summary>
internal static class TimeoutOption
{
    private const int Most = 86_400;

    public static Option<int> Create(string description, int seconds, int least = 1)
    {
        var option = new Option<int>("--timeout") { Description = $"{description}, {least} to {Most}.", HelpName = "seconds", DefaultValueFactory = _ => seconds };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int asked) && (asked < least || asked > Most))
                result.AddError($"--timeout is out of range: use {least} to {Most} seconds.");
        });
        return option;
    }
}
