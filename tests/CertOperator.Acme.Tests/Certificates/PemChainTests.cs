using System.Text;
using CertOperator.Acme.Certificates;
using FsCheck.Xunit;

namespace CertOperator.Acme.Tests.Certificates;

public sealed class PemChainTests
{
    private const int Max = 20;

    private static readonly string Pem = MakePem();

    [Fact]
    public void Certificates_keep_their_order_and_what_is_between_them_is_dropped()
    {
        var other = MakePem();

        var (certificates, _) = Read($"a leaf\r\n{Pem}\r\nits issuer\n{other}\n");

        var chain = new AcmeChain(certificates!, new Uri("https://ca.example/cert"));
        Assert.Equal($"{Pem}\n{other}\n", chain.ToPem());
    }

    [Theory]
    [InlineData("", "no certificate")]
    [InlineData("<html>", "no certificate")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "cannot be parsed")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "not a certificate")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAA", "malformed")]
    [InlineData("\u00e9", "not PEM")]
    public void What_is_no_chain_is_told(string text, string problem)
    {
        var (certificates, told) = Read(text);

        Assert.Null(certificates);
        Assert.Contains(problem, told);
    }

    [Fact]
    public void Something_else_behind_a_certificate_is_told()
        => Assert.Null(Read(Pem + "\n-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n").Certificates);

    [Fact]
    public void Twenty_certificates_are_read_and_twenty_one_are_not()
    {
        Assert.Equal(20, Read(string.Join('\n', Enumerable.Repeat(Pem, 20))).Certificates!.Count);
        Assert.Null(Read(string.Join('\n', Enumerable.Repeat(Pem, 21))).Certificates);
    }

    [Property(MaxTest = 300)]
    public void A_chain_with_a_character_changed_is_read_or_refused(ushort at, char other)
    {
        var text = Pem.ToCharArray();
        text[at % text.Length] = other;

        var (certificates, problem) = Read(new string(text));

        Assert.True(certificates is { Count: 1 } || problem.Length > 0);
    }

    private static (IReadOnlyList<ReadOnlyMemory<byte>>? Certificates, string Problem) Read(string text) => PemChain.Read(Encoding.UTF8.GetBytes(text), Max);

    private static string MakePem()
    {
        using var key = Some.Key();
        using var certificate = Some.Certificate(key, "a.example");
        return certificate.ExportCertificatePem();
    }
}
