using System.Text.Json.Nodes;
using CertOperator.Runtime.Yaml;

namespace CertOperator.Runtime.Tests.Yaml;

public sealed class YamlWriterTests
{
    [Fact]
    public void Mappings_and_sequences_are_written_as_kubectl_does()
    {
        var document = JsonNode.Parse("""
            {"kind":"Pod","spec":{"ports":[{"name":"web","port":80},{"name":"tls"}],"grid":[[1,2],[]],"empty":{},"none":null,"on":true}}
            """)!;
        Assert.Equal(
            """
            kind: Pod
            spec:
              ports:
              - name: web
                port: 80
              - name: tls
              grid:
              - - 1
                - 2
              - []
              empty: {}
              none: null
              "on": true

            """,
            YamlWriter.Write(document));
    }

    [Theory]
    [InlineData("shop/web")]
    [InlineData("networking.k8s.io/v1")]
    [InlineData("The name, as it stands.")]
    [InlineData("/spec/tls")]
    public void Harmless_text_stands_plain(string text) => Assert.Equal($"a: {text}\n", Write(text));

    [Theory]
    [InlineData("")]
    [InlineData("yes")]
    [InlineData("Off")]
    [InlineData("n")]
    [InlineData("NULL")]
    [InlineData("~")]
    [InlineData("123")]
    [InlineData("1e3")]
    [InlineData("0x1f")]
    [InlineData("2001-12-14")]
    [InlineData(".inf")]
    [InlineData("<<")]
    [InlineData("- item")]
    [InlineData("a: b")]
    [InlineData("a #b")]
    [InlineData("ends:")]
    [InlineData("ends ")]
    [InlineData(" begins")]
    [InlineData("*alias")]
    [InlineData("&anchor")]
    [InlineData("!tag")]
    [InlineData("{a}")]
    [InlineData("%dir")]
    [InlineData("@at")]
    [InlineData("|")]
    public void Text_that_a_reader_could_mistake_is_quoted(string text) => Assert.Equal($"a: \"{text}\"\n", Write(text));

    [Fact]
    public void Lines_are_written_as_lines()
        => Assert.Equal("a: |\n  one\n    two\n\n  three\n", Write("one\n  two\n\nthree\n"));

    [Fact]
    public void Lines_without_a_last_break_keep_it_so() => Assert.Equal("a: |-\n  one\n  two\n", Write("one\ntwo"));

    [Fact]
    public void What_cannot_be_seen_is_escaped()
        => Assert.Equal("a: \"tab\\u0009 nul\\u0000 quote\\\" back\\\\ bom\\ufeff é 😀\"\n", Write("tab\t nul\0 quote\" back\\ bom\ufeff é 😀"));

    [Fact]
    public void Several_documents_are_told_apart()
        => Assert.Equal("a: 1\n---\nb: 2\n", YamlWriter.WriteAll([new JsonObject { ["a"] = 1 }, new JsonObject { ["b"] = 2 }]));

    private static string Write(string text) => YamlWriter.Write(new JsonObject { ["a"] = text });
}
