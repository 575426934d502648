using System.Diagnostics;

namespace CertOperator.Pki.Tests;

/// <summary>Programs of others, which read what was made.</summary>
internal static class Tool
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static bool Has(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>Its exit status, and standard output followed by standard error.</summary>
    public static (int Status, string Output) Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Limit))
        {
            process.Kill();
            throw new TimeoutException($"{program} did not end.");
        }
        return (process.ExitCode, output.Result + errors.Result);
    }

    /// <summary>What it prints; fails the test unless it ends with status 0.</summary>
    public static string Read(string program, params string[] arguments)
    {
        var (status, output) = Run(program, arguments);
        Assert.True(status == 0, $"{program} {arguments[0]} ended with {status}: {output}");
        return output;
    }
}
