using CertOperator.Runtime.Client.Http;

namespace CertOperator.Runtime.Tests.Client.Http;

public sealed class ServerTextTests
{
    [Theory]
    [InlineData("secrets \"web-tls\" already exists", "secrets \"web-tls\" already exists")]
    [InlineData("line one\n\tline two\r\n", "line one line two")]
    [InlineData("bell\u0007 and escape\u001b[31m", "bell and escape [31m")]
    [InlineData("is token-1 known?", "is [redacted] known?")]
    [InlineData("got -----BEGIN PRIVATE KEY-----\nMIG\nAB==\n-----END PRIVATE KEY----- here", "got [redacted] here")]
    [InlineData("cut off -----BEGIN PRIVATE KEY-----\nMIG", "cut off [redacted]")]
    [InlineData("data: TUlHSEFnRUFNQk1HQnlxR1NNNDlBZ0VHQ0NxR1NNNA==!", "data: [redacted]!")]
    [InlineData("no matches for kind ValidatingAdmissionPolicyBinding", "no matches for kind ValidatingAdmissionPolicyBinding")]
    [InlineData("uid 6f1f0c6e-1d2b-4a43-9c0b-0d5d5a1e8c11 differs", "uid 6f1f0c6e-1d2b-4a43-9c0b-0d5d5a1e8c11 differs")]
    public void What_servers_say_becomes_one_harmless_line(string text, string expected)
        => Assert.Equal(expected, ServerText.Clean(text, ["token-1"]));

    [Fact]
    public void A_long_text_is_cut()
        => Assert.InRange(ServerText.Clean(string.Concat(Enumerable.Repeat("word ", 100_000)), []).Length, 1000, 1025);
}
