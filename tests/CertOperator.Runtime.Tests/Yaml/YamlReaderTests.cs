using System.Text;
using System.Text.Json.Nodes;
using CertOperator.Runtime.Yaml;

namespace CertOperator.Runtime.Tests.Yaml;

public sealed class YamlReaderTests
{
    [Fact]
    public void A_stream_gives_its_documents_with_their_lines()
    {
        var documents = YamlReader.Read("# a comment\nkind: A\n---\n---\n# nothing\n---\nkind: B\nspec:\n  tls:\n  - hosts: [a, 'b']\n...\n");
        Assert.Equal([2, 7], documents.Select(document => document.Line));
        Assert.Equal(
            ["""{"kind":"A"}""", """{"kind":"B","spec":{"tls":[{"hosts":["a","b"]}]}}"""],
            documents.Select(document => document.Root.ToJsonString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n# only a comment\n")]
    [InlineData("---\n---\n")]
    public void Where_there_is_nothing_there_are_no_documents(string text) => Assert.Empty(YamlReader.Read(text));

    [Theory]
    [InlineData("true", "true")]
    [InlineData("yes", "true")]
    [InlineData("Off", "false")]
    [InlineData("n", "false")]
    [InlineData("yEs", "\"yEs\"")]
    [InlineData("~", "null")]
    [InlineData("Null", "null")]
    [InlineData("", "null")]
    [InlineData("nothing", "\"nothing\"")]
    [InlineData("0", "0")]
    [InlineData("-12", "-12")]
    [InlineData("+12", "12")]
    [InlineData("0644", "420")]
    [InlineData("0o644", "420")]
    [InlineData("08", "8")]
    [InlineData("0x1F", "31")]
    [InlineData("-0b101", "-5")]
    [InlineData("1_000", "1000")]
    [InlineData("_1", "\"_1\"")]
    [InlineData("18446744073709551615", "18446744073709551615")]
    [InlineData("18446744073709551616", "1.8446744073709552E+19")]
    [InlineData("1.50", "1.5")]
    [InlineData(".5", "0.5")]
    [InlineData("1e3", "1000")]
    [InlineData("1e999", "\"1e999\"")]
    [InlineData("1.2.3", "\"1.2.3\"")]
    [InlineData("1:30", "\"1:30\"")]
    [InlineData("2001-12-14", "\"2001-12-14\"")]
    [InlineData("2001-12-14T21:59:43Z", "\"2001-12-14T21:59:43Z\"")]
    [InlineData("'true'", "\"true\"")]
    [InlineData("\"12\"", "\"12\"")]
    [InlineData("!!str 12", "\"12\"")]
    [InlineData("!!int 12", "12")]
    public void Scalars_mean_what_they_mean_to_kubectl(string yaml, string json)
        => Assert.Equal(json, ReadValue($"a: {yaml}\n")?.ToJsonString() ?? "null");

    [Fact]
    public void Keys_are_always_text()
        => Assert.Equal("""{"1":"a","true":"b","c":"d"}""", YamlReader.Read("1: a\nyes: b\n'c': d\n").Single().Root.ToJsonString());

    [Fact]
    public void Blocks_keep_or_fold_their_lines()
        => Assert.Equal("""{"a":"x\n y\n","b":"x y"}""", YamlReader.Read("a: |\n  x\n   y\nb: >-\n  x\n  y\n").Single().Root.ToJsonString());

    [Fact]
    public void Aliases_repeat_what_they_name()
        => Assert.Equal("""{"a":{"x":[1]},"b":{"x":[1]}}""", YamlReader.Read("a: &one\n  x: [1]\nb: *one\n").Single().Root.ToJsonString());

    [Fact]
    public void Merged_fields_give_way_to_the_mappings_own()
        => Assert.Equal(
            """{"q":9,"x":1,"z":4}""",
            YamlReader.Read("base: &a {x: 1, q: 2}\nmore: &b {x: 3, z: 4}\nall:\n  <<: [*a, *b]\n  q: 9\n").Single().Root["all"]!.ToJsonString());

    [Theory]
    [InlineData("a: [1, 2\n", 2, "")]
    [InlineData("a: 1\n b: 2\n", 2, "")]
    [InlineData("a: 1\na: 2\n", 2, "the field a stands here twice")]
    [InlineData("a: 1\nb:\n\tc: 2\n", 1, "tab")]
    [InlineData("kind: A\n---\n- 1\n", 3, "not a mapping")]
    [InlineData("just text\n", 1, "not a mapping")]
    [InlineData("a: *b\n", 1, "the alias b refers to nothing")]
    [InlineData("a: &a [*a]\n", 1, "or to what contains it")]
    [InlineData("a: 1\nb: .nan\n", 2, "does not exist in JSON")]
    [InlineData("? [a]\n: b\n", 1, "not a plain word")]
    [InlineData("~: b\n", 1, "empty")]
    [InlineData("a: !secret b\n", 1, "the tag !secret is not supported")]
    [InlineData("a: !!int b\n", 1, "does not fit its tag")]
    [InlineData("a: !!set {b}\n", 1, "is not supported")]
    [InlineData("a:\n  <<: 5\n", 2, "only mappings can be merged")]
    public void What_is_wrong_is_told_with_its_line(string yaml, int line, string problem)
    {
        var exception = Assert.Throws<YamlFormatException>(() => YamlReader.Read(yaml));
        Assert.Equal(line, exception.Line);
        Assert.StartsWith($"Line {line}, column {exception.Column}: ", exception.Message, StringComparison.Ordinal);
        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Fact]
    public void A_few_lines_of_aliases_cannot_mean_billions_of_values()
    {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 12; i++)
            bomb.Append(null, $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        Assert.Contains("more than", Assert.Throws<YamlFormatException>(() => YamlReader.Read(bomb.ToString())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_merge_cannot_get_round_the_limit_either()
    {
        var bomb = new StringBuilder("a0: &a0 {x: 1}\n");
        for (var i = 1; i < 30; i++)
            bomb.Append(null, $"a{i}: &a{i} {{l: {{<<: *a{i - 1}}}, r: {{<<: *a{i - 1}}}}}\n");
        Assert.Throws<YamlFormatException>(() => YamlReader.Read(bomb.ToString()));
    }

    [Fact]
    public void Nesting_has_an_end()
        => Assert.Contains(
            "deeper than 64",
            Assert.Throws<YamlFormatException>(() => YamlReader.Read("a: " + new string('[', 100_000))).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Length_has_an_end()
        => Assert.Contains(
            "longer than 10",
            Assert.Throws<YamlFormatException>(() => YamlReader.Read("a: 12345678", new YamlLimits { Characters = 10 })).Message,
            StringComparison.Ordinal);

    private static JsonNode? ReadValue(string yaml) => YamlReader.Read(yaml).Single().Root["a"];
}
