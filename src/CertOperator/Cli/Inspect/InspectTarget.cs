namespace CertOperator.Cli.Inspect;

/// <summary>What is to be inspected, told from how it is written.</summary>
internal abstract record InspectTarget
{
    public sealed record OfSecret(string Name) : InspectTarget;

    public sealed record OfFile(string Path) : InspectTarget;

    public sealed record OfServer(ServerAddress Address) : InspectTarget;

    /// <param name="words"><c>secret NAME</c>, <c>secret/NAME</c>, a file, <c>-</c>, <c>HOST:PORT</c> or an https URL.</param>
    /// <param name="fileExists">Whether there is a file.</param>
    /// <exception cref="CommandException">It is none of them.</exception>
    public static InspectTarget Parse(IReadOnlyList<string> words, Func<string, bool> fileExists) => words switch
    {
        ["secret" or "secrets", { Length: > 0 } name] => new OfSecret(name),
        ["file", { Length: > 0 } path] => new OfFile(path),
        [FileMaterial.StandardInput] => new OfFile(FileMaterial.StandardInput),
        [var path] when fileExists(path) => new OfFile(path),
        [var typed] when typed.Split('/') is ["secret" or "secrets", { Length: > 0 } name] => new OfSecret(name),
        [var server] when ServerAddress.Parse(server) is { } address => new OfServer(address),
        _ => throw new CommandException($"There is no file \"{string.Join(' ', words)}\", and it is no other thing to inspect: write secret/NAME, a file, HOST:PORT, or - for standard input."),
    };
}
