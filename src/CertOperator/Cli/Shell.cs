namespace CertOperator.Cli;

/// <summary>What commands find around them beside their arguments and their two writers.</summary>
internal sealed record Shell
{
    public TimeProvider Time { get; init; } = TimeProvider.System;

    public Func<Stream> OpenInput { get; init; } = Console.OpenStandardInput;

    /// <summary>Whether a person sees standard output as it comes.</summary>
    public bool IsTerminal { get; init; }

    /// <summary>Whether a person sees standard error as it comes: then what takes long says how far it is.</summary>
    public bool ShowsProgress { get; init; }

    public bool HasColours { get; init; }

    /// <summary>That of this process.</summary>
    public static Shell OfProcess()
    {
        bool canSteer = Environment.GetEnvironmentVariable("TERM") is not "dumb";
        return new Shell
        {
            IsTerminal = !Console.IsOutputRedirected,
            ShowsProgress = !Console.IsErrorRedirected && canSteer,
            // https://no-color.org: any value but the empty one.
            HasColours = !Console.IsOutputRedirected && canSteer && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
        };
    }
}
