using CertOperator.Testing.Cluster;
using CertOperator.Testing.Processes;

namespace CertOperator.Cli;

/// <summary>The scripts of <c>cert-operator completion</c>, in the shells that they are for.</summary>
public sealed class CompletionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cert-operator-completion-").FullName;

    public CompletionTests()
    {
        foreach (string name in (string[])["cert-operator", "kubectl-cert"])
            File.CreateSymbolicLink(Path.Combine(_folder, name), ProgramTests.Program);
    }

    /// <summary>What is typed, and what may come next.</summary>
    public static TheoryData<string, string> Lines => new()
    {
        { "cert-operator st", "status" },
        { "cert-operator status -o ", "json table wide yaml" },
        { "cert-operator inspect --sn", "--sni" },
        { "cert-operator inspect sec", "secret/" },
        { "kubectl-cert completion ", "bash fish kubectl powershell zsh" },
        { "cert-operator inspect fi", "file.pem" },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task Bash(string line, string expected) => Assert.Equal(expected, await CompleteAsync("bash", "bash", ["--noprofile", "--norc"], line, """
        set -eu; source "$1"; shift
        complete -p "$1" >/dev/null
        compopt() { :; }
        COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 ))
        _cert_operator
        # As readline does with -o default.
        if (( ${#COMPREPLY[@]} == 0 )); then compgen -f -- "${!#}"; else printf '%s\n' "${COMPREPLY[@]}"; fi
        """));

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task Zsh(string line, string expected) => Assert.Equal(expected, await CompleteAsync("zsh", await ShellAsync(() => TestCache.Zsh), ["-f"], line, $$"""
        {{TestCache.ZshStart}}
        source "$1"; shift
        [[ $_comps[$1] == _cert_operator ]] || exit 1
        # Outside of the line editor the two that add candidates print them.
        compadd() { while [[ "$1" != -- ]]; do shift; done; shift; print -rl -- "$@"; }
        _files() { print -rl -- $words[CURRENT]*; }
        words=("$@"); CURRENT=$#words
        _cert_operator
        """));

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task Fish(string line, string expected)
    {
        string fish = await ShellAsync(() => TestCache.Fish);
        Assert.Equal(expected, await CompleteAsync("fish", fish, ["--no-config"], line, $"""
            {TestCache.FishStart}
            source $argv[1]
            complete -C "$argv[2..]"
            """));
    }

    [Fact]
    public async Task Kubectl()
    {
        string kubectl = await ShellAsync(() => TestCache.Kubectl), script = Path.Combine(_folder, "kubectl_complete-cert");
        await File.WriteAllTextAsync(script, (await CliRun.RunAsync(["completion", "kubectl"])).Output, TestContext.Current.CancellationToken);
        (await Command.RunAsync("chmod", ["+x", script])).OrThrow();
        CommandResult result = await Command.RunAsync(kubectl, ["__complete", "cert", "st"], environment: Environment());
        Assert.Equal("status\n:0\n", result.OrThrow());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Task<string> ShellAsync(Func<string> find) => MissingPart.SkipsAsync(() => Task.FromResult(find()));

    /// <summary>Runs a script of a shell with the path of the completion and the words typed, in a folder with one file.</summary>
    private async Task<string> CompleteAsync(string name, string shell, string[] options, string line, string script)
    {
        string completion = Path.Combine(_folder, "completion"), files = Directory.CreateDirectory(Path.Combine(_folder, "files")).FullName;
        await File.WriteAllTextAsync(Path.Combine(files, "file.pem"), "", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(completion, (await CliRun.RunAsync(["completion", name])).Output, TestContext.Current.CancellationToken);
        // bash and zsh name the script, and fish does not.
        string[] first = name == "fish" ? [] : [name];
        CommandResult result = await Command.RunAsync(shell, [.. options, "-c", $"cd '{files}'\n{script}", .. first, completion, .. line.Split(' ')], environment: Environment());
        Assert.Equal("", result.Error);
        return string.Join(' ', result.OrThrow().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private Dictionary<string, string> Environment() => new()
    {
        ["PATH"] = $"{_folder}:{System.Environment.GetEnvironmentVariable("PATH")}",
        ["HOME"] = _folder,
        ["LD_LIBRARY_PATH"] = TestCache.Libraries("shells"),
    };
}
