using System.Reflection;
using System.Runtime.InteropServices;
using CertOperator.Telemetry;

namespace CertOperator.Cli;

/// <summary>Which build of the program this is.</summary>
/// <param name="Version">Major, minor, patch.</param>
/// <param name="Commit">Of the source, where the build knew it.</param>
/// <param name="Runtime">What it runs on.</param>
/// <param name="Platform">Operating system and processor.</param>
internal sealed record VersionFacts(string Version, string? Commit, string Runtime, string Platform)
{
    public static VersionFacts OfProcess() => new(
        Product.Version,
        typeof(VersionFacts).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+') is [_, { Length: > 0 } commit] ? commit : null,
        RuntimeInformation.FrameworkDescription,
        RuntimeInformation.RuntimeIdentifier);

    public override string ToString() => $"cert-operator {Version}{(Commit is null ? "" : $" (commit {Commit})")}, {Runtime}, {Platform}";
}
