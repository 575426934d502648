using System.Text.Json.Nodes;
using CertOperator.Runtime.Yaml;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace CertOperator.Runtime.Tests.Yaml;

public sealed class YamlRoundTripTests
{
    [Property(Arbitrary = [typeof(Documents)], MaxTest = 500)]
    public void What_was_written_is_read_back_the_same(JsonObject document)
    {
        var yaml = YamlWriter.Write(document);
        var back = Assert.Single(YamlReader.Read(yaml));
        Assert.True(JsonNode.DeepEquals(document, back.Root), yaml);
    }

    [Property(MaxTest = 1000)]
    public void Any_text_is_either_read_or_refused_with_a_line(string? text)
    {
        try
        {
            YamlReader.Read(text ?? "");
        }
        catch (YamlFormatException exception)
        {
            Assert.True(exception.Line > 0);
        }
    }

    [Property(Arbitrary = [typeof(Documents)], MaxTest = 500)]
    public void A_document_cut_anywhere_is_either_read_or_refused_with_a_line(JsonObject document, NonNegativeInt cut)
    {
        var yaml = YamlWriter.Write(document);
        Any_text_is_either_read_or_refused_with_a_line(yaml[..(cut.Get % (yaml.Length + 1))]);
    }

    private static class Documents
    {
        public static Arbitrary<JsonObject> Document() => Gen.Sized(size => Mapping(Math.Min(size, 30))).ToArbitrary();

        private static Gen<string> Text() => Gen.OneOf(
            ArbMap.Default.GeneratorFor<string>().Select(text => new string([.. (text ?? "").Where(c => !char.IsSurrogate(c))])),
            Gen.Elements("yes", "0644", "a: b", "line\nline\n", "line\n  line", "\n", " x", "x ", "- x", "#", "1.0", "~", "é😀", "a\r\nb", "<<", "-", "?", ":", "%", "---", "..."));

        private static Gen<JsonNode?> Node(int size) => size <= 0
            ? Leaf()
            : Gen.OneOf(Leaf(), Mapping(size / 2).Select(JsonNode? (x) => x), Sequence(size / 2).Select(JsonNode? (x) => x));

        private static Gen<JsonNode?> Leaf() => Gen.OneOf(
            Text().Select(JsonNode? (x) => JsonValue.Create(x)),
            ArbMap.Default.GeneratorFor<long>().Select(JsonNode? (x) => JsonValue.Create(x)),
            ArbMap.Default.GeneratorFor<NormalFloat>().Select(JsonNode? (x) => JsonValue.Create(x.Get)),
            Gen.Elements<bool?>(true, false, null).Select(JsonNode? (x) => x is { } value ? JsonValue.Create(value) : null));

        private static Gen<JsonArray> Sequence(int size)
            => Node(size).ListOf().Select(items => new JsonArray([.. items.Take(4).Select(item => item?.DeepClone())]));

        private static Gen<JsonObject> Mapping(int size)
            => Text().Zip(Node(size)).ListOf().Select(fields => new JsonObject(
                fields.Take(5).DistinctBy(field => field.Item1).Select(field => KeyValuePair.Create(field.Item1, field.Item2?.DeepClone()))));
    }
}
