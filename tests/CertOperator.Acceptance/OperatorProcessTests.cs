using CertOperator.Testing.Cluster;

namespace CertOperator.Acceptance;

public sealed class OperatorProcessTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cert-operator-log-");

    [Fact]
    public async Task A_program_that_ends_instead_of_getting_ready_is_told_with_the_end_of_its_log()
    {
        var start = OperatorProcess.StartAsync("/bin/sh", ["-c", "echo no such file; exit 3"], port: 1, Path.Combine(_folder.FullName, "log"));

        var ended = await Assert.ThrowsAsync<ServerEndedException>(() => start);

        Assert.Contains("status 3", ended.Message, StringComparison.Ordinal);
        Assert.Contains("no such file", ended.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
