global using DeepFM.Data;
global using CsCheck;
