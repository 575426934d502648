using System.Diagnostics;
using CertOperator.Testing;

namespace CertOperator.Benchmarks;

/// <summary>The Native AOT binary that is measured.</summary>
internal static class OperatorBinary
{
    private static readonly string[] Sources = ["*.cs", "*.csproj", "*.props", "*.yaml"];

    /// <summary>Publishes the operator unless a binary is there that is newer than every source; returns its path.</summary>
    public static async Task<string> EnsureAsync(CancellationToken cancel)
    {
        var binary = new FileInfo(Repository.OperatorBinary);
        if (!binary.Exists || binary.LastWriteTimeUtc < NewestSource())
        {
            await Console.Error.WriteLineAsync("Publishing the operator; this takes a minute or two.");
            await PublishAsync(binary.DirectoryName!, cancel);
        }

        return binary.FullName;
    }

    private static DateTime NewestSource() =>
        ((string[])["src", "config/crd"])
            .SelectMany(folder => Sources.SelectMany(pattern =>
                Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), pattern, SearchOption.AllDirectories)))
            .Concat(Directory.EnumerateFiles(Repository.Root, "*.props"))
            .Max(File.GetLastWriteTimeUtc);

    private static async Task PublishAsync(string folder, CancellationToken cancel)
    {
        string[] arguments = ["publish", Path.Combine(Repository.Root, "src", "CertOperator"), "-c", "Release", "-r", "linux-x64", "-o", folder, "-v", "q", "-nologo"];
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"dotnet publish ended with status {process.ExitCode}: {await output}");
        }
    }
}
